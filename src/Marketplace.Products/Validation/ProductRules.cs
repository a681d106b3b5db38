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

    /// <summary>A reader that stands before the first token of a JSON text.</summary>
    public static Utf8JsonReader OpenReader(ReadOnlySpan<byte> json) => new(json, ReaderOptions);

    /// <summary>Checks the bytes of one product.</summary>
    public static ProductCheck Check(ReadOnlyMemory<byte> json)
    {
        var bytes = json.Span;
        if (bytes.Length <= MaxBytes && Utf8Text.IsValid(bytes))
        {
            var cursor = new JsonCursor(bytes);
            if (ProductScanner.TryScan(ref cursor, out var id) && cursor.Next() == 0 && cursor.At == bytes.Length)
            {
                return ProductCheck.Valid(json[id]);
            }
        }

        return ProductExplainer.Explain(json);
    }

    /// <summary>Checks the product that a JSON text begins with, whatever follows it.</summary>
    /// <param name="length">The product's bytes.</param>
    /// <exception cref="JsonException">The text does not begin with a JSON value.</exception>
    public static ProductCheck CheckNext(ReadOnlyMemory<byte> json, out int length)
    {
        var cursor = new JsonCursor(json.Span);
        var isAccepted = ProductScanner.TryScan(ref cursor, out var id);
        length = isAccepted ? cursor.At : LengthOfValue(json.Span);
        return isAccepted && length <= MaxBytes && Utf8Text.IsValid(json.Span[..length])
            ? ProductCheck.Valid(json[id])
            : ProductExplainer.Explain(json[..length]);
    }

    /// <summary>Bytes of the JSON value that a text begins with.</summary>
    /// <exception cref="JsonException">There is none.</exception>
    public static int LengthOfValue(ReadOnlySpan<byte> json)
    {
        var reader = OpenReader(json);
        reader.Read();
        reader.Skip();
        return (int)reader.BytesConsumed;
    }
}
