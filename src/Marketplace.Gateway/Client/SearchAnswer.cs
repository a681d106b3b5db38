using System.Text.Json;
using Marketplace.Gateway.ReadModels;
using Marketplace.Search;

namespace Marketplace.Gateway.Client;

/// <summary>Writes what a search found; a product is the shop's bytes as they are.</summary>
internal static class SearchAnswer
{
    public static void Write(Utf8JsonWriter writer, (Guid Id, SearchQuery Query, SearchResult Result, SnapshotToken AsOf, TimeSpan Took) answer)
    {
        var (id, query, result, asOf, took) = answer;
        Span<char> token = stackalloc char[SnapshotToken.MaxLength];
        writer.WriteStartObject();
        writer.WriteString("query_id"u8, id);
        writer.WriteString("query"u8, query.Text);
        writer.WriteString("as_of"u8, token[..asOf.Format(token)]);
        writer.WriteNumber("total"u8, result.Total);
        writer.WriteStartArray("items"u8);
        foreach (var hit in result.Hits)
        {
            WriteHit(writer, hit, query.Explain);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("facets"u8);
        foreach (var facet in result.Facets)
        {
            writer.WritePropertyName(facet.Name);
            WriteFacet(writer, facet);
        }

        writer.WriteEndObject();
        writer.WriteString("did_you_mean"u8, result.DidYouMean);
        writer.WriteNumber("took_ms"u8, Math.Round(took.TotalMilliseconds, 3));
        writer.WriteEndObject();
    }

    private static void WriteHit(Utf8JsonWriter writer, SearchHit hit, bool explain)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("product"u8);
        writer.WriteRawValue(hit.Source.Span, skipInputValidation: true);
        writer.WriteNumber("score"u8, Math.Round(hit.Score, 6));
        writer.WriteStartObject("highlights"u8);
        foreach (var (field, text) in hit.Highlights)
        {
            writer.WriteString(field, text);
        }

        writer.WriteEndObject();
        if (explain)
        {
            writer.WriteStartArray("explain"u8);
            foreach (var part in hit.Explain)
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, part.Name);
                writer.WriteNumber("score"u8, Math.Round(part.Score, 6));
                writer.WriteString("detail"u8, part.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteFacet(Utf8JsonWriter writer, Facet facet)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("values"u8);
        foreach (var value in facet.Values)
        {
            writer.WriteStartObject();
            writer.WriteString("value"u8, value.Value);
            writer.WriteNumber("count"u8, value.Count);
            WriteOptional(writer, "from", value.From);
            WriteOptional(writer, "to", value.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (facet.Statistics is { } statistics)
        {
            writer.WriteStartObject("statistics"u8);
            writer.WriteNumber("min"u8, statistics.Min);
            writer.WriteNumber("max"u8, statistics.Max);
            writer.WriteNumber("average"u8, statistics.Average);
            writer.WriteNumber("count"u8, statistics.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, decimal? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }
}
