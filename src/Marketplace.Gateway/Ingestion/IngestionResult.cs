using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;

namespace Marketplace.Gateway.Ingestion;

/// <summary>What became of one of many records.</summary>
/// <param name="Index">In the order sent, from 0; blank lines of a stream do not count.</param>
/// <param name="Id">Null when the record has none that can be read.</param>
/// <param name="Position">Where it stands, or its first copy does.</param>
/// <param name="Errors">By field path; null: it was taken.</param>
internal readonly record struct IngestionResult(
    long Index, string? Id, RecordPosition Position, IReadOnlyDictionary<string, string[]>? Errors, bool IsDuplicate = false)
{
    public void WriteTo(Utf8JsonWriter writer, JsonEncodedText idField)
    {
        writer.WriteStartObject();
        writer.WriteNumber("index", Index);
        writer.WriteString(idField, Id);
        if (Errors is null)
        {
            writer.WriteString("status", IsDuplicate ? "duplicate"u8 : "accepted"u8);
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
