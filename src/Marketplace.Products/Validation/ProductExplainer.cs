using System.Text;
using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>The last word on a product that the scanner did not accept: valid after all, or what is wrong with it, field by field.</summary>
internal static class ProductExplainer
{
    private static readonly ProductValidator Validator = new();
    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = ProductRules.MaxDepth };

    public static ProductCheck Explain(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return ProductCheck.Refused(ProductRules.Whole, "is empty; a product is a JSON object");
        }

        if (json.Length > ProductRules.MaxBytes)
        {
            return ProductCheck.Refused(ProductRules.Whole, $"has {json.Length} bytes; a product has at most {ProductRules.MaxBytes}");
        }

        if (!Utf8Text.IsValid(json.Span))
        {
            return ProductCheck.Refused(ProductRules.Whole, $"is not UTF-8 at byte {ValidLength(json.Span) + 1}");
        }

        if (FindFault(json.Span) is { } fault)
        {
            return ProductCheck.Refused(fault.Path, fault.Error);
        }

        using var document = JsonDocument.Parse(json, DocumentOptions);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return ProductCheck.Refused(ProductRules.Whole, "must be a JSON object");
        }

        var draft = new ProductDraft(document.RootElement);
        var result = Validator.Validate(draft);
        var id = draft.ProductId.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(draft.ProductId.GetString()!) : [];
        return result.IsValid
            ? ProductCheck.Valid(id)
            : ProductCheck.Refused(id, result.Errors.GroupBy(e => e.PropertyName).ToDictionary(g => g.Key, g => g.Select(e => e.ErrorMessage).Distinct().ToArray()));
    }

    /// <summary>What keeps the text from being parsed at all: broken JSON, too deep, half a surrogate pair.</summary>
    private static (string Path, string Error)? FindFault(ReadOnlySpan<byte> json)
    {
        var field = ProductRules.Whole;
        var reader = ProductRules.OpenReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= ProductRules.MaxDepth)
                {
                    return (field, $"is nested deeper than {ProductRules.MaxDepth} levels");
                }

                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped && JsonEscapes.HasLoneSurrogate(reader.ValueSpan))
                {
                    return (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName ? ProductRules.Whole : field, "holds half a surrogate pair, which is no character");
                }

                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    field = reader.GetString()!;
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            return (ProductRules.Whole, JsonFault.Of(e));
        }
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var valid = 0;
        while (Rune.DecodeFromUtf8(bytes[valid..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            valid += length;
        }

        return valid;
    }
}
