using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>
/// The rules of a product, on its bytes. A valid product costs one pass of <see cref="ProductScanner"/> and no allocation;
/// what that pass does not accept goes to <see cref="ProductExplainer"/>, which has the last word and the messages.
/// </summary>
public static class ProductRules
{
    /// <summary>The largest product, in bytes as sent.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The deepest nesting of objects and arrays, the product itself included.</summary>
    public const int MaxDepth = 64;

    /// <summary>Name of the errors that concern the whole and no field of it.</summary>
    public const string Whole = "$";

    /// <summary>Deeper than any product may be, so that depth is refused by a rule and not taken for broken JSON.</summary>
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1024 };

    /// <summary>A reader for <see cref="CheckNext"/>, standing before the first token of a JSON text.</summary>
    public static Utf8JsonReader OpenReader(ReadOnlySpan<byte> json) => new(json, ReaderOptions);

    /// <summary>Checks the bytes of one product.</summary>
    public static ProductCheck Check(ReadOnlyMemory<byte> json)
    {
        var bytes = json.Span;
        if (bytes.Length is > 0 and <= MaxBytes && Utf8Text.IsValid(bytes))
        {
            try
            {
                var reader = OpenReader(bytes);
                if (reader.Read() && ProductScanner.TryScan(ref reader, out var id) && !reader.Read())
                {
                    return ProductCheck.Valid(json[id]);
                }
            }
            catch (JsonException)
            {
                // The explainer says where.
            }
        }

        return ProductExplainer.Explain(json);
    }

    /// <summary>
    /// Checks the array element whose first token <paramref name="reader"/> stands on, and leaves the reader on its last.
    /// </summary>
    /// <param name="array">The text that <paramref name="reader"/> reads.</param>
    /// <param name="element">The element's bytes.</param>
    /// <exception cref="JsonException">The text is not JSON, so nothing of the array can be trusted.</exception>
    public static ProductCheck CheckNext(ReadOnlyMemory<byte> array, ref Utf8JsonReader reader, out ReadOnlyMemory<byte> element)
    {
        var start = (int)reader.TokenStartIndex;
        var first = reader;
        var accepted = ProductScanner.TryScan(ref reader, out var id);
        if (!accepted)
        {
            reader = first;
            reader.Skip();
        }

        element = array[start..(int)reader.BytesConsumed];
        return accepted && element.Length <= MaxBytes && Utf8Text.IsValid(element.Span)
            ? ProductCheck.Valid(array[id])
            : ProductExplainer.Explain(element);
    }
}
