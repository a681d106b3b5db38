using System.Globalization;
using System.Text.Json;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Banned;

/// <summary>The body of <c>PUT /banned/{id}</c>; it may be left out.</summary>
public sealed record BanRequest(string? Reason = null, DateTimeOffset? ExpiresAt = null)
{
    private const int MaxReasonLength = 1000;

    /// <exception cref="ProblemException">400, naming the field. A field that is not known is refused: a misspelt expiry must not ban for good.</exception>
    public static BanRequest Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new BanRequest();
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Refused(ProductRules.Whole, "must be a JSON object");
            }

            var request = new BanRequest();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(field.Name))
                {
                    throw Refused(field.Name, "is given more than once");
                }

                request = field.Name switch
                {
                    "reason" => request with { Reason = ReadReason(field.Value) },
                    "expires_at" => request with { ExpiresAt = ReadExpiry(field.Value, now) },
                    _ => throw Refused(field.Name, "is not known; a ban has reason and expires_at"),
                };
            }

            return request;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Refused(ProductRules.Whole, e is JsonException fault ? JsonFault.Of(fault) : "holds text that is not UTF-8, or half a surrogate pair");
        }
    }

    private static string? ReadReason(JsonElement value) => value switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } when IsShort(value.GetString()!) => value.GetString(),
        _ => throw Refused("reason", $"must be a text of at most {MaxReasonLength} characters"),
    };

    /// <summary>In code points, as a product's texts are counted.</summary>
    private static bool IsShort(string reason) => reason.Length <= MaxReasonLength || reason.EnumerateRunes().Count() <= MaxReasonLength;

    private static DateTimeOffset? ReadExpiry(JsonElement value, DateTimeOffset now)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        // Without an offset it is UTC, whatever zone this machine is in.
        if (value.ValueKind != JsonValueKind.String || !value.TryGetDateTimeOffset(out _)
            || !DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
        {
            throw Refused("expires_at", string.Create(CultureInfo.InvariantCulture, $"must be an ISO 8601 instant, such as {now.UtcDateTime.AddDays(1):yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        }

        return instant > now ? instant : throw Refused("expires_at", "must be in the future");
    }

    private static ProblemException Refused(string field, string error) =>
        ProblemException.OfFields(new Dictionary<string, string[]> { [field] = [error] }, "The ban is not valid.");
}
