using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>What a single JSON value has to be, on its bytes.</summary>
internal static class JsonValues
{
    /// <summary>Goes to the end of the value the reader stands on; false when it is deeper than allowed or holds half a surrogate pair.</summary>
    /// <param name="deepest">The depth (<see cref="Utf8JsonReader.CurrentDepth"/>) that no object or array may begin at.</param>
    public static bool Walk(ref Utf8JsonReader reader, int deepest)
    {
        var level = reader.CurrentDepth;
        while (true)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.String or JsonTokenType.PropertyName when reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan):
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= deepest:
                    return false;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    break;
                default:
                    if (reader.CurrentDepth == level)
                    {
                        return true;
                    }

                    break;
            }

            reader.Read();
        }
    }

    /// <summary>True when the escapes of a JSON string, valid otherwise, hold half a surrogate pair: no UTF-8 text can be made of it.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> escaped)
    {
        var awaitsLow = false;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain != 0)
            {
                if (awaitsLow || plain < 0)
                {
                    return awaitsLow;
                }

                escaped = escaped[plain..];
            }

            if (escaped[1] != 'u')
            {
                if (awaitsLow)
                {
                    return true;
                }

                escaped = escaped[2..];
                continue;
            }

            // The second hexadecimal digit tells D800–DBFF (8 to B) from DC00–DFFF (C to F).
            var isSurrogate = (escaped[2] | 0x20) == 'd' && HexValue(escaped[3]) >= 8;
            var isLow = isSurrogate && HexValue(escaped[3]) >= 12;
            if (awaitsLow != isLow)
            {
                return true;
            }

            awaitsLow = isSurrogate && !isLow;
            escaped = escaped[6..];
        }

        return awaitsLow;
    }

    /// <summary>A price's amount: a number of 0 or more that a decimal can hold.</summary>
    public static bool IsAmount(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var amount) && amount >= 0;

    /// <summary>A number of pieces: a whole number of 0 or more, written without fraction or exponent.</summary>
    public static bool IsCount(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0;

    public static bool IsCurrency(ReadOnlySpan<byte> text) =>
        text.Length == 3 && char.IsAsciiLetter((char)text[0]) && char.IsAsciiLetter((char)text[1]) && char.IsAsciiLetter((char)text[2]);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
