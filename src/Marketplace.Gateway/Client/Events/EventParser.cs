using System.Text.Json;
using Marketplace.Products.Validation;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Client.Events;

/// <summary>
/// Reads a client's event in one pass over its bytes and says what is wrong with it, field by field. A valid event costs no
/// allocation; unknown fields are passed over.
/// </summary>
internal ref partial struct EventParser
{
    private const int MaxTextBytes = 32 * 1024;
    internal const int MaxQuantity = 1_000_000;
    internal const int MaxRating = 5;

    private readonly ReadOnlyMemory<byte> _json;
    private Dictionary<string, string[]>? _errors;
    private EventField _seen;

    private EventParser(ReadOnlyMemory<byte> json) => _json = json;

    /// <summary>The whole memory as one event.</summary>
    /// <param name="errors">By field; null when it is valid.</param>
    public static ParsedEvent Parse(ReadOnlyMemory<byte> json, out IReadOnlyDictionary<string, string[]>? errors)
    {
        if (json.Length > ClientEventRecords.MaxEventBytes || !Utf8Text.IsValid(json.Span))
        {
            errors = Whole(json.Length > ClientEventRecords.MaxEventBytes ? $"must be at most {ClientEventRecords.MaxEventBytes} bytes" : "is not UTF-8");
            return default;
        }

        try
        {
            var reader = ProductRules.OpenReader(json.Span);
            reader.Read();
            var parsed = ParseNext(json, ref reader, out errors);
            reader.Read();
            return parsed;
        }
        catch (JsonException e)
        {
            errors = Whole(JsonFault.Of(e));
            return default;
        }
    }

    /// <summary>The value whose first token the reader stands on; leaves the reader on its last.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    private static ParsedEvent ParseNext(ReadOnlyMemory<byte> json, ref Utf8JsonReader reader, out IReadOnlyDictionary<string, string[]>? errors)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            errors = Whole("must be a JSON object");
            return default;
        }

        var parser = new EventParser(json);
        var parsed = default(ParsedEvent);
        parsed.Currency = Currency.Default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = EventFields.Of(ref reader);
            if (field != EventField.None && (parser._seen & field) != 0)
            {
                parser.Refuse(EventFields.NameOf(field), "is given more than once");
            }

            parser._seen |= field;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                parser._seen &= ~field;
            }
            else
            {
                parser.ReadField(field, ref reader, ref parsed);
            }
        }

        parser.CheckRequired();
        errors = parser._errors;
        return parsed;
    }

    private void ReadField(EventField field, ref Utf8JsonReader reader, ref ParsedEvent parsed)
    {
        switch (field)
        {
            case EventField.EventId:
                parsed.EventId = ReadId(field, ref reader);
                break;
            case EventField.UserId:
                parsed.UserId = ReadId(field, ref reader);
                break;
            case EventField.SessionId:
                parsed.SessionId = ReadId(field, ref reader);
                break;
            case EventField.QueryId:
                parsed.QueryId = ReadId(field, ref reader);
                break;
            case EventField.ProductId:
                parsed.ProductId = ReadId(field, ref reader);
                break;
            case EventField.Type:
                parsed.Kind = ReadKind(ref reader);
                break;
            case EventField.Quantity:
                parsed.Quantity = ReadWhole(field, MaxQuantity, ref reader);
                break;
            case EventField.Rating:
                parsed.Rating = ReadWhole(field, MaxRating, ref reader);
                break;
            case EventField.Price:
                ReadPrice(ref reader, ref parsed);
                break;
            case EventField.Text:
                CheckText(ref reader);
                break;
            case EventField.OccurredAt:
                parsed.OccurredAt = ReadInstant(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }

    private ReadOnlyMemory<byte> ReadId(EventField field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            Refuse(EventFields.NameOf(field), "must be a string");
            return default;
        }

        ReadOnlyMemory<byte> id;
        if (reader.ValueIsEscaped)
        {
            var unescaped = new byte[reader.ValueSpan.Length];
            try
            {
                id = unescaped.AsMemory(0, reader.CopyString(unescaped));
            }
            catch (InvalidOperationException)
            {
                Refuse(EventFields.NameOf(field), "holds half a surrogate pair, which is no character");
                return default;
            }
        }
        else
        {
            id = _json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
        }

        if (!(field == EventField.ProductId ? ProductId.IsValid(id.Span) : ClientId.IsValid(id.Span)))
        {
            Refuse(EventFields.NameOf(field), field == EventField.ProductId ? ProductId.Rule : ClientId.Rule);
        }

        return id;
    }

    private ClientEventKind ReadKind(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            for (var kind = ClientEventKind.View; kind <= ClientEventKind.Review; kind++)
            {
                if (reader.ValueTextEquals(EventFields.KindName(kind)))
                {
                    return kind;
                }
            }
        }

        reader.Skip();
        Refuse("type", "must be one of view, add_to_cart, remove_from_cart, purchase, review");
        return default;
    }

    private int ReadWhole(EventField field, int max, ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= 1 && number <= max)
        {
            return number;
        }

        reader.Skip();
        Refuse(EventFields.NameOf(field), $"must be a whole number from 1 to {max}");
        return 0;
    }

    private void CheckText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            Refuse("text", "must be a string");
        }
        else if (reader.ValueSpan.Length > MaxTextBytes)
        {
            Refuse("text", $"must be at most {MaxTextBytes} bytes");
        }
    }

    /// <summary>Without an offset it is UTC.</summary>
    private long ReadInstant(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTime(out var time))
        {
            var utc = time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime();
            if (utc >= DateTime.UnixEpoch)
            {
                return new DateTimeOffset(utc).ToUnixTimeMilliseconds();
            }
        }

        reader.Skip();
        Refuse("occurred_at", "must be a date and time of ISO 8601 not before 1970, such as 2026-01-31T12:00:00Z");
        return 0;
    }

    private void CheckRequired()
    {
        foreach (var field in EventFields.Required)
        {
            if ((_seen & field) == 0)
            {
                Refuse(EventFields.NameOf(field), "is required");
            }
        }

        if ((_seen & (EventField.UserId | EventField.SessionId)) == 0)
        {
            Refuse("user_id", "is required, or session_id is");
        }
    }

    /// <summary>The first that is wrong with a field is said.</summary>
    private void Refuse(string field, string error) => (_errors ??= []).TryAdd(field, [error]);

    private static Dictionary<string, string[]> Whole(string error) => new(1) { [ProductRules.Whole] = [error] };
}
