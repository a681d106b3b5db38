using System.Buffers;
using System.Text;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Search;

namespace Marketplace.Gateway.Client.Queries;

/// <summary>A search as it stands in <c>client-queries</c>; the key is the user's id, or the query's where nobody is known.</summary>
internal static class QueryRecord
{
    public static LogRecord Of(QueryNote note)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, RecordJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("query_id"u8, note.Id);
            writer.WriteString("q"u8, note.Query.Text);
            writer.WriteString("user_id"u8, note.UserId);
            WriteFilters(writer, note.Query);
            writer.WriteNumber("total"u8, note.Total);
            writer.WriteStartArray("shown"u8);
            foreach (var product in note.Shown)
            {
                writer.WriteStringValue(product);
            }

            writer.WriteEndArray();
            writer.WriteString("at"u8, note.At);
            writer.WriteEndObject();
        }

        return new LogRecord { Key = Encoding.UTF8.GetBytes(note.UserId ?? note.Id.ToString()), Value = buffer.WrittenMemory };
    }

    /// <summary>What the client's own parameters asked for beside the words; what was left at its default is left out.</summary>
    private static void WriteFilters(Utf8JsonWriter writer, SearchQuery query)
    {
        writer.WriteStartObject("filters"u8);
        Write("category", query.Category);
        Write("brand", query.Brand);
        Write("store_id", query.StoreId);
        WriteNumber("min_price", query.MinPrice);
        WriteNumber("max_price", query.MaxPrice);
        if (query.MinPrice is not null || query.MaxPrice is not null)
        {
            Write("currency", query.Currency);
        }

        if (query.InStock)
        {
            writer.WriteBoolean("in_stock"u8, true);
        }

        if (query.Offset > 0)
        {
            writer.WriteNumber("offset"u8, query.Offset);
        }

        writer.WriteEndObject();

        void Write(string name, string? value)
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        void WriteNumber(string name, decimal? value)
        {
            if (value is { } number)
            {
                writer.WriteNumber(name, number);
            }
        }
    }
}
