using System.Text;
using System.Text.Json;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Tests.Products;

public sealed class JsonCursorTests
{
    private const int Levels = 8;
    private const string Signs = "{}[]:,\"\\/bfnrtu0123456789abcdefABCDEF+-.eE \n\r\t\u0001\u007fж";

    [Theory]
    [InlineData("0")]
    [InlineData("-0.5e+10")]
    [InlineData(" [1,\t{\"a\" : [ ] },\r\n\"\\u00e9\\ud83d\\ude00\\/\"] ")]
    [InlineData("\"текст — 32 байта и длиннее, без единого особого знака\"")]
    [InlineData("[[[[[[[[]]]]]]]]")]
    [InlineData("{\"\":null,\"\":true}")]
    public void Takes_json(string text) => Judge(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("-")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("[1,]")]
    [InlineData("[1 2]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\"}")]
    [InlineData("{a:1}")]
    [InlineData("nullx")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\\"")]
    [InlineData("\"\\ud83d\"")]
    [InlineData("[1]\0")]
    [InlineData("[[[[[[[[[]]]]]]]]]")]
    public void Refuses_what_is_none(string text) => Judge(text).ShouldBeFalse();

    [Fact]
    public void Damaged_json_is_judged_as_dotnet_judges_it()
    {
        var random = new Random(11);
        var products = new RandomProducts(seed: 11);
        var right = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var text = new StringBuilder(products.Next(round % 3));
            for (var damage = random.Next(4); damage > 0 && text.Length > 0; damage--)
            {
                var at = random.Next(text.Length);
                _ = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, Signs[random.Next(Signs.Length)]),
                    _ => text.Remove(at, random.Next(text.Length - at) / 8),
                };
            }

            right += Judge(text.ToString()) ? 1 : 0;
        }

        right.ShouldBeInRange(10_000, 50_000);
    }

    private static bool Judge(string text)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var cursor = new JsonCursor(json);
        var found = cursor.TryValue(Levels) && cursor.Next() == 0 && cursor.At == json.Length;
        found.ShouldBe(IsJson(json), text);
        return found;
    }

    private static bool IsJson(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Levels });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                {
                    reader.GetString();
                }
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second tells of half a surrogate pair.
            return false;
        }
    }
}
