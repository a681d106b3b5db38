using System.Buffers.Text;
using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>
/// The quick yes: one pass over a product that is as it should be. It never accepts what the validator refuses; whatever is
/// unusual (an escaped id, an address with letters beyond ASCII) it leaves to the validator.
/// </summary>
internal static class ProductScanner
{
    private const int LongestDate = 64;

    /// <summary>Takes an object.</summary>
    /// <param name="id">Where the id stands.</param>
    /// <returns>False: ask the validator.</returns>
    public static bool TryScan(ref JsonCursor cursor, out Range id)
    {
        id = default;
        if (!cursor.TryTake('{'))
        {
            return false;
        }

        var seen = ProductField.None;
        do
        {
            if (!cursor.TryName(out var name))
            {
                return false;
            }

            var field = ProductFields.Of(name);
            if ((seen & field) != 0)
            {
                return false;
            }

            seen |= field;
            if (!(field == ProductField.ProductId ? ScanId(ref cursor, out id) : ScanField(ref cursor, field, ProductRules.MaxDepth - 1)))
            {
                return false;
            }
        }
        while (cursor.TryTake(','));
        return cursor.TryTake('}') && (seen & ProductField.Required) == ProductField.Required;
    }

    private static bool ScanId(ref JsonCursor cursor, out Range id)
    {
        var isText = cursor.TryString(out var text, out var isEscaped);
        id = (cursor.At - 1 - text.Length)..(cursor.At - 1);
        return isText && !isEscaped && ProductId.IsValid(text);
    }

    private static bool ScanField(ref JsonCursor cursor, ProductField field, int levels)
    {
        if (cursor.TryNull())
        {
            return field != ProductField.Name;
        }

        return field switch
        {
            ProductField.None => cursor.TryValue(levels),
            ProductField.Name => cursor.TryString(out var name, out var isEscaped) && IsName(name, isEscaped),
            ProductField.Price => ScanPair(ref cursor, "amount"u8, ValueRule.Amount, "currency"u8, ValueRule.Currency, levels),
            ProductField.Stock => ScanPair(ref cursor, "available"u8, ValueRule.Count, "reserved"u8, ValueRule.Count, levels),
            ProductField.Tags => ScanTags(ref cursor),
            ProductField.Images => ScanImages(ref cursor, levels),
            ProductField.Specifications => cursor.Next() == '{' && cursor.TryValue(levels),
            ProductField.CreatedAt or ProductField.UpdatedAt => cursor.TryString(out var date, out var isEscaped) && !isEscaped && IsDate(date),
            ProductField.Index => cursor.Next() == '"' ? cursor.TryString() : cursor.TryNumber(out _),
            _ => cursor.TryString(),
        };
    }

    /// <summary>An escape stands for no more characters than it has bytes.</summary>
    private static bool IsName(ReadOnlySpan<byte> text, bool isEscaped) =>
        !text.IsEmpty
        && (text.Length <= ProductValidator.MaxNameLength || (!isEscaped && ProductId.CharacterCount(text) <= ProductValidator.MaxNameLength));

    /// <summary>What JSON takes for a date is asked of its reader.</summary>
    private static bool IsDate(ReadOnlySpan<byte> text)
    {
        if (text.Length > LongestDate)
        {
            return false;
        }

        Span<byte> quoted = stackalloc byte[LongestDate + 2];
        quoted[0] = quoted[text.Length + 1] = (byte)'"';
        text.CopyTo(quoted[1..]);
        var reader = new Utf8JsonReader(quoted[..(text.Length + 2)]);
        return reader.Read() && reader.TryGetDateTimeOffset(out _);
    }

    private static bool ScanTags(ref JsonCursor cursor)
    {
        if (!cursor.TryTake('['))
        {
            return false;
        }

        if (cursor.TryTake(']'))
        {
            return true;
        }

        do
        {
            if (!cursor.TryString())
            {
                return false;
            }
        }
        while (cursor.TryTake(','));
        return cursor.TryTake(']');
    }

    private static bool ScanImages(ref JsonCursor cursor, int levels)
    {
        if (!cursor.TryTake('['))
        {
            return false;
        }

        if (cursor.TryTake(']'))
        {
            return true;
        }

        do
        {
            if (!ScanPair(ref cursor, "url"u8, ValueRule.Url, "alt"u8, ValueRule.Text, levels - 1))
            {
                return false;
            }
        }
        while (cursor.TryTake(','));
        return cursor.TryTake(']');
    }

    /// <summary>An object of two known fields, each at most once, among others.</summary>
    private static bool ScanPair(
        ref JsonCursor cursor, ReadOnlySpan<byte> first, ValueRule firstRule, ReadOnlySpan<byte> second, ValueRule secondRule, int levels)
    {
        if (!cursor.TryTake('{'))
        {
            return false;
        }

        if (cursor.TryTake('}'))
        {
            return true;
        }

        var (sawFirst, sawSecond) = (false, false);
        do
        {
            if (!cursor.TryName(out var name))
            {
                return false;
            }

            var (isFirst, isSecond) = (name.SequenceEqual(first), name.SequenceEqual(second));
            if ((isFirst && sawFirst) || (isSecond && sawSecond))
            {
                return false;
            }

            (sawFirst, sawSecond) = (sawFirst | isFirst, sawSecond | isSecond);
            if (!Holds(isFirst ? firstRule : isSecond ? secondRule : ValueRule.Any, ref cursor, levels - 1))
            {
                return false;
            }
        }
        while (cursor.TryTake(','));
        return cursor.TryTake('}');
    }

    private static bool Holds(ValueRule rule, ref JsonCursor cursor, int levels) => cursor.TryNull() || rule switch
    {
        ValueRule.Amount => cursor.TryNumber(out var number) && IsAmount(number),
        ValueRule.Count => cursor.TryNumber(out var number) && IsCount(number),
        ValueRule.Currency => cursor.TryString(out var text, out _) && IsCurrency(text),
        ValueRule.Url => cursor.TryString(out var text, out var isEscaped) && !isEscaped && WebAddress.IsPlain(text),
        ValueRule.Text => cursor.TryString(),
        _ => cursor.TryValue(levels),
    };

    /// <summary>A price's amount: a number of 0 or more that a decimal can hold.</summary>
    private static bool IsAmount(ReadOnlySpan<byte> number) =>
        Utf8Parser.TryParse(number, out decimal amount, out var length) && length == number.Length && amount >= 0;

    /// <summary>A number of pieces: a whole number of 0 or more, written without fraction or exponent.</summary>
    private static bool IsCount(ReadOnlySpan<byte> number) =>
        Utf8Parser.TryParse(number, out long count, out var length) && length == number.Length && count >= 0;

    private static bool IsCurrency(ReadOnlySpan<byte> text) =>
        text.Length == 3 && char.IsAsciiLetter((char)text[0]) && char.IsAsciiLetter((char)text[1]) && char.IsAsciiLetter((char)text[2]);

    private enum ValueRule
    {
        Any,
        Text,
        Amount,
        Currency,
        Count,
        Url,
    }
}
