using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Marketplace.Gateway.Client;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Tests.Client;

/// <summary>An id that an event may have, a search may name, and the other way round.</summary>
public class ClientIdTests
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Of these the ids are made: every control character and its neighbours, and characters of two, three and four bytes.</summary>
    private static readonly string[] Characters =
        [.. Enumerable.Range(0, 0xa2).Select(c => ((char)c).ToString()), "ж", "\u2028", "\ufeff", "値", "😀"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Events_and_searches_say_the_same_of_an_id(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            // Mostly without control characters, and often about as long as may be.
            var alphabet = random.Next(3) == 0 ? Characters : [.. Characters.Where(c => !c.Any(char.IsControl))];
            var length = random.Next(2) == 0 ? random.Next(1, 6) : random.Next(125, 131);
            Check(string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)])));
        }
    }

    [Fact]
    public void Each_control_character_is_refused_and_each_other_taken()
    {
        foreach (var character in Characters)
        {
            Check(character);
            Check($"a{character}b");
        }

        ClientId.IsValid("a\ud800").ShouldBeFalse("half a surrogate pair");
        ClientId.IsValid(new string('a', 100_000)).ShouldBeFalse();
    }

    private static void Check(string id)
    {
        var isRight = !id.Any(char.IsControl) && id.EnumerateRunes().Count() is > 0 and <= 128;
        var because = JsonSerializer.Serialize(id);
        ErrorOfSearch(id).ShouldBe(isRight ? null : ClientId.Rule, because);
        foreach (var field in new[] { "event_id", "user_id", "session_id", "query_id" })
        {
            foreach (var json in new[] { because, JsonSerializer.Serialize(id, Unescaped) })
            {
                ErrorOfEvent(field, json).ShouldBe(isRight ? null : ClientId.Rule, because);
            }
        }
    }

    private static string? ErrorOfSearch(string id)
    {
        try
        {
            new SearchRequest { UserId = id }.ToQuery();
            return null;
        }
        catch (ProblemException e)
        {
            return e.Problem.Errors.ShouldNotBeNull()["user_id"].Single();
        }
    }

    private static string? ErrorOfEvent(string field, string id)
    {
        var fields = new Dictionary<string, string>
        {
            ["event_id"] = "\"e\"", ["type"] = "\"view\"", ["user_id"] = "\"u\"", ["product_id"] = "\"p\"", ["occurred_at"] = "\"2026-01-31T12:00:00Z\"", [field] = id,
        };
        EventParser.Parse(Encoding.UTF8.GetBytes($"{{{string.Join(',', fields.Select(f => $"\"{f.Key}\":{f.Value}"))}}}"), out var errors);
        errors?.Keys.ShouldBe([field]);
        return errors?[field].Single();
    }
}
