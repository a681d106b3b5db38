using System.Text.Json;
using Marketplace.Recommendations;
using Marketplace.Search;

namespace Marketplace.Gateway.Client;

/// <summary>A list of recommended products with what is shown of each: the shop's bytes, from the same store that search answers from.</summary>
internal sealed record RecommendationAnswer(string Id, IReadOnlyList<(Recommendation Item, ReadOnlyMemory<byte> Source)> Items)
{
    /// <summary>What is not on sale at this very moment is left out, whatever the model still thinks of it.</summary>
    public static RecommendationAnswer Of(string id, IReadOnlyList<Recommendation> items, SearchSnapshot? products)
    {
        var shown = new List<(Recommendation, ReadOnlyMemory<byte>)>(items.Count);
        foreach (var item in items)
        {
            if (products is null)
            {
                shown.Add((item, default));
            }
            else if (products.TryGet(item.ProductId, out var product) && !product.IsSoldOut)
            {
                shown.Add((item, product.Source));
            }
        }

        return new RecommendationAnswer(id, shown);
    }

    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> forWhat)
    {
        writer.WriteStartObject();
        writer.WriteString(forWhat, Id);
        writer.WriteStartArray("items"u8);
        foreach (var (item, source) in Items)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("product"u8);
            WriteProduct(writer, item.ProductId, source);
            writer.WriteNumber("score"u8, Math.Round(item.Score, 6));
            writer.WriteStartObject("reason"u8);
            writer.WriteString("kind"u8, JsonNamingPolicy.SnakeCaseLower.ConvertName(item.Reason.Kind.ToString()));
            writer.WriteStartArray("because"u8);
            foreach (var product in item.Reason.Because)
            {
                writer.WriteStringValue(product);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Where search does not run in this process, only the id is known.</summary>
    private static void WriteProduct(Utf8JsonWriter writer, string productId, ReadOnlyMemory<byte> source)
    {
        if (!source.IsEmpty)
        {
            writer.WriteRawValue(source.Span, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("product_id"u8, productId);
        writer.WriteEndObject();
    }
}
