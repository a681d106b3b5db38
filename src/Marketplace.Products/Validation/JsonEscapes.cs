namespace Marketplace.Products.Validation;

internal static class JsonEscapes
{
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

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
