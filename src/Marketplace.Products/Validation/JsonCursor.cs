using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Marketplace.Products.Validation;

/// <summary>
/// Goes over JSON text by RFC 8259 and says yes or no, nothing about why: what <see cref="System.Text.Json.Utf8JsonReader"/> does,
/// without keeping a state for every token. Each Try leaves the cursor behind what it took; after a no it stands anywhere.
/// Bytes beyond ASCII are taken as they are.
/// </summary>
public ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;

    public int At { get; private set; }

    /// <summary>The next byte that is no white space, which the cursor then stands on; 0 at the end.</summary>
    public byte Next()
    {
        for (; (uint)At < (uint)_json.Length; At++)
        {
            if (_json[At] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') and var found)
            {
                return found;
            }
        }

        return 0;
    }

    /// <summary>Goes on behind what was read otherwise.</summary>
    public void Skip(int bytes) => At += bytes;

    public bool TryTake(char sign)
    {
        if (Next() != sign)
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>Takes a string that is Unicode text.</summary>
    /// <param name="text">What stands between the quotes.</param>
    public bool TryString(out ReadOnlySpan<byte> text, out bool isEscaped)
    {
        text = default;
        isEscaped = false;
        if (!TryTake('"'))
        {
            return false;
        }

        for (var start = At; ;)
        {
            At = EndOfPlain(At);
            if (At >= _json.Length || _json[At] < ' ')
            {
                return false;
            }

            if (_json[At] == '"')
            {
                text = _json[start..At++];
                return !isEscaped || !JsonEscapes.HasLoneSurrogate(text);
            }

            isEscaped = true;
            if (!TryEscape())
            {
                return false;
            }
        }
    }

    public bool TryString() => TryString(out _, out _);

    /// <summary>Takes an object's name without escapes, and its colon.</summary>
    public bool TryName(out ReadOnlySpan<byte> name) => TryString(out name, out var isEscaped) && !isEscaped && TryTake(':');

    public bool TryNumber(out ReadOnlySpan<byte> number)
    {
        number = default;
        Next();
        var start = At;
        At += Is('-') ? 1 : 0;
        if (Is('0'))
        {
            At++;
        }
        else if (!TryDigits())
        {
            return false;
        }

        if (Is('.'))
        {
            At++;
            if (!TryDigits())
            {
                return false;
            }
        }

        if (Is('e') || Is('E'))
        {
            At++;
            At += Is('+') || Is('-') ? 1 : 0;
            if (!TryDigits())
            {
                return false;
            }
        }

        number = _json[start..At];
        return true;
    }

    public bool TryNull() => Next() == 'n' && TryWord("null"u8);

    /// <summary>Takes any value.</summary>
    /// <param name="levels">How deep its objects and arrays may be nested.</param>
    public bool TryValue(int levels)
    {
        switch (Next())
        {
            case (byte)'"':
                return TryString();
            case (byte)'{' when levels > 0:
                At++;
                if (TryTake('}'))
                {
                    return true;
                }

                do
                {
                    if (!TryString() || !TryTake(':') || !TryValue(levels - 1))
                    {
                        return false;
                    }
                }
                while (TryTake(','));
                return TryTake('}');
            case (byte)'[' when levels > 0:
                At++;
                if (TryTake(']'))
                {
                    return true;
                }

                do
                {
                    if (!TryValue(levels - 1))
                    {
                        return false;
                    }
                }
                while (TryTake(','));
                return TryTake(']');
            case (byte)'t':
                return TryWord("true"u8);
            case (byte)'f':
                return TryWord("false"u8);
            case (byte)'n':
                return TryWord("null"u8);
            default:
                return TryNumber(out _);
        }
    }

    private readonly bool Is(char sign) => (uint)At < (uint)_json.Length && _json[At] == sign;

    private bool TryDigits()
    {
        var start = At;
        while ((uint)At < (uint)_json.Length && char.IsAsciiDigit((char)_json[At]))
        {
            At++;
        }

        return At > start;
    }

    private bool TryWord(ReadOnlySpan<byte> word)
    {
        if (!_json[At..].StartsWith(word))
        {
            return false;
        }

        At += word.Length;
        return true;
    }

    /// <summary>Takes a reverse solidus and what it stands before.</summary>
    private bool TryEscape()
    {
        const int UnicodeLength = 6;
        var rest = _json[At..];
        if (rest.Length < 2)
        {
            return false;
        }

        switch (rest[1])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                At += 2;
                return true;
            case (byte)'u' when rest.Length >= UnicodeLength && IsHex(rest[2]) && IsHex(rest[3]) && IsHex(rest[4]) && IsHex(rest[5]):
                At += UnicodeLength;
                return true;
            default:
                return false;
        }

        static bool IsHex(byte digit) => char.IsAsciiHexDigit((char)digit);
    }

    /// <summary>Where the next quote, reverse solidus or control character stands.</summary>
    private readonly int EndOfPlain(int at)
    {
        ref var start = ref MemoryMarshal.GetReference(_json);
        for (; Vector256.IsHardwareAccelerated && at <= _json.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            var bytes = Vector256.LoadUnsafe(ref start, (nuint)at);
            var ends = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                | Vector256.Equals(bytes, Vector256.Min(bytes, Vector256.Create((byte)(' ' - 1))));
            if (ends.ExtractMostSignificantBits() is not 0 and var places)
            {
                return at + BitOperations.TrailingZeroCount(places);
            }
        }

        while (at < _json.Length && _json[at] is not ((byte)'"' or (byte)'\\') and >= (byte)' ')
        {
            at++;
        }

        return at;
    }
}
