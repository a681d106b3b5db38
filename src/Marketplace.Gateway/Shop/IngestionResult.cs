using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Shop;

/// <summary>What became of one of many products.</summary>
/// <param name="Index">In the order sent, from 0; blank lines of a stream do not count.</param>
/// <param name="ProductId">Null when the product has none that can be read.</param>
/// <param name="Errors">By field path; null: it was taken, and stands at <paramref name="Position"/>.</param>
internal readonly record struct IngestionResult(long Index, string? ProductId, RecordPosition Position, IReadOnlyDictionary<string, string[]>? Errors)
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", Index);
        writer.WriteString("product_id", ProductId);
        if (Errors is null)
        {
            writer.WriteString("status", "accepted"u8);
            writer.WriteNumber("partition", Position.Partition);
            writer.WriteNumber("offset", Position.Offset);
        }
        else
        {
            writer.WriteString("status", "rejected"u8);
            writer.WritePropertyName("errors"u8);
            Problem.WriteErrors(writer, Errors);
        }

        writer.WriteEndObject();
    }
}
