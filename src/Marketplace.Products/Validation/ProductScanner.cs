using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>
/// The quick yes: one pass over a product that is as it should be. It never accepts what the validator refuses; whatever is
/// unusual (an escaped id, an address with letters beyond ASCII) it leaves to the validator.
/// </summary>
internal static class ProductScanner
{
    /// <summary>Reads the object that <paramref name="reader"/> stands on to its end.</summary>
    /// <param name="id">Where the id stands in what the reader reads.</param>
    /// <returns>False: ask the validator; the reader then stands anywhere.</returns>
    /// <exception cref="JsonException">This is not JSON.</exception>
    public static bool TryScan(ref Utf8JsonReader reader, out Range id)
    {
        id = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var deepest = reader.CurrentDepth + ProductRules.MaxDepth;
        var seen = ProductField.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped)
            {
                return false;
            }

            var field = ProductFields.Of(reader.ValueSpan);
            if ((seen & field) != 0)
            {
                return false;
            }

            seen |= field;
            reader.Read();
            if (field == ProductField.ProductId)
            {
                if (!ScanId(ref reader, out id))
                {
                    return false;
                }
            }
            else if (!ScanField(ref reader, field, deepest))
            {
                return false;
            }
        }

        return (seen & ProductField.Required) == ProductField.Required;
    }

    private static bool ScanId(ref Utf8JsonReader reader, out Range id)
    {
        var start = (int)reader.TokenStartIndex + 1;
        id = start..(start + reader.ValueSpan.Length);
        return reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && ProductId.IsValid(reader.ValueSpan);
    }

    private static bool ScanField(ref Utf8JsonReader reader, ProductField field, int deepest)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return field != ProductField.Name;
        }

        return field switch
        {
            ProductField.None => JsonValues.Walk(ref reader, deepest),
            ProductField.Name => IsText(ref reader) && IsName(reader.ValueSpan, reader.ValueIsEscaped),
            ProductField.Price => ScanPair(ref reader, "amount"u8, ValueRule.Amount, "currency"u8, ValueRule.Currency, deepest),
            ProductField.Stock => ScanPair(ref reader, "available"u8, ValueRule.Count, "reserved"u8, ValueRule.Count, deepest),
            ProductField.Tags => ScanTags(ref reader),
            ProductField.Images => ScanImages(ref reader, deepest),
            ProductField.Specifications => reader.TokenType == JsonTokenType.StartObject && JsonValues.Walk(ref reader, deepest),
            ProductField.CreatedAt or ProductField.UpdatedAt => IsText(ref reader) && reader.TryGetDateTimeOffset(out _),
            ProductField.Index => reader.TokenType == JsonTokenType.Number || IsText(ref reader),
            _ => IsText(ref reader),
        };
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && (!reader.ValueIsEscaped || !JsonValues.HasLoneSurrogate(reader.ValueSpan));

    /// <summary>An escape stands for no more characters than it has bytes.</summary>
    private static bool IsName(ReadOnlySpan<byte> text, bool isEscaped) =>
        !text.IsEmpty
        && (text.Length <= ProductValidator.MaxNameLength || (!isEscaped && ProductId.CharacterCount(text) <= ProductValidator.MaxNameLength));

    private static bool ScanTags(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!IsText(ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ScanImages(ref Utf8JsonReader reader, int deepest)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!ScanPair(ref reader, "url"u8, ValueRule.Url, "alt"u8, ValueRule.Text, deepest))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An object of two known fields, each at most once, among others.</summary>
    private static bool ScanPair(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> first, ValueRule firstRule, ReadOnlySpan<byte> second, ValueRule secondRule, int deepest)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var (sawFirst, sawSecond) = (false, false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped)
            {
                return false;
            }

            var isFirst = reader.ValueSpan.SequenceEqual(first);
            var isSecond = reader.ValueSpan.SequenceEqual(second);
            if ((isFirst && sawFirst) || (isSecond && sawSecond))
            {
                return false;
            }

            sawFirst |= isFirst;
            sawSecond |= isSecond;
            reader.Read();
            var rule = isFirst ? firstRule : isSecond ? secondRule : ValueRule.Any;
            if (!Holds(rule, ref reader, deepest))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(ValueRule rule, ref Utf8JsonReader reader, int deepest) => reader.TokenType == JsonTokenType.Null || rule switch
    {
        ValueRule.Amount => JsonValues.IsAmount(ref reader),
        ValueRule.Count => JsonValues.IsCount(ref reader),
        ValueRule.Currency => reader.TokenType == JsonTokenType.String && JsonValues.IsCurrency(reader.ValueSpan),
        ValueRule.Url => reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && WebAddress.IsPlain(reader.ValueSpan),
        ValueRule.Text => IsText(ref reader),
        _ => JsonValues.Walk(ref reader, deepest),
    };

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
