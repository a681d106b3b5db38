using Marketplace.Products.Validation;

namespace Marketplace.Gateway.Filter;

/// <summary>Holds what other writers put into the log to the rules that HTTP holds the shops to.</summary>
internal static class ProductInspection
{
    /// <summary>Why the value is not the product of this key, or null when it is.</summary>
    public static string? Inspect(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        var check = ProductRules.Check(value);
        if (check.Errors is { } errors)
        {
            return $"the value is not a product: {string.Join("; ", errors.Select(field => $"{field.Key} {field.Value[0]}"))}";
        }

        return check.Id.Span.SequenceEqual(key.Span) ? null : "the key is not the product_id of the value";
    }
}
