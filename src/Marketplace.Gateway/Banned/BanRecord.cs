using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Marketplace.Gateway.Banned;

/// <summary>The value of a record of <c>banned-products</c>: <c>{"reason":…, "expires_at":…}</c>, both optional.</summary>
public static class BanRecord
{
    /// <summary>
    /// Reads a ban. What cannot be understood never weakens it: an unreadable value bans without a reason, an
    /// unreadable expiry bans for good, and <paramref name="understood"/> is false.
    /// </summary>
    public static Ban Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, out bool understood)
    {
        string? reason = null;
        long? expiresAt = null;
        understood = true;
        try
        {
            var reader = new Utf8JsonReader(value);
            understood = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (understood && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isReason = reader.ValueTextEquals("reason"u8);
                var isExpiry = reader.ValueTextEquals("expires_at"u8);
                reader.Read();
                if (isReason && reader.TokenType == JsonTokenType.String)
                {
                    reason = reader.GetString();
                }
                else if (isExpiry && reader.TokenType != JsonTokenType.Null)
                {
                    expiresAt = reader.TokenType == JsonTokenType.String ? ParseInstant(reader.GetString()) : null;
                    understood = expiresAt is not null;
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            (understood, expiresAt) = (false, null);
        }

        return new Ban(Encoding.UTF8.GetString(key), reason, expiresAt);
    }

    /// <summary>The ban that this record will be read as.</summary>
    public static Ban Of(string productId, string? reason, DateTimeOffset? expiresAt) =>
        new(productId, reason, expiresAt is { } end ? ToMilliseconds(end) : null);

    public static byte[] Write(string? reason, DateTimeOffset? expiresAt)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer, RecordJson.Options))
        {
            writer.WriteStartObject();
            if (reason is not null)
            {
                writer.WriteString("reason", reason);
            }

            if (expiresAt is { } end)
            {
                writer.WriteString("expires_at", end.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An ISO 8601 instant in Unix milliseconds, or null. A part of a millisecond counts as a whole one: no ban ends early.</summary>
    public static long? ParseInstant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? ToMilliseconds(instant) : null;

    private static long ToMilliseconds(DateTimeOffset instant)
    {
        var whole = instant.ToUnixTimeMilliseconds();

        // The very last millisecond of the calendar has none after it.
        return instant > DateTimeOffset.FromUnixTimeMilliseconds(whole) ? Math.Min(whole + 1, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) : whole;
    }
}
