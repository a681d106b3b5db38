using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>A record in the client's shape. The client copies the bytes when it takes the message.</summary>
internal static class KafkaMessage
{
    public static Message<byte[]?, byte[]?> Of(in LogRecord record) => new()
    {
        Key = Bytes(record.Key),
        Value = Bytes(record.Value),
        Headers = record.Headers.IsEmpty ? null : Headers(record.Headers),
        Timestamp = record.Timestamp is { } timestamp ? new Timestamp(timestamp, TimestampType.CreateTime) : Timestamp.Default,
    };

    private static byte[]? Bytes(ReadOnlyMemory<byte>? memory) =>
        memory is not { } known ? null
        : MemoryMarshal.TryGetArray(known, out var array) && array.Offset == 0 && array.Count == array.Array!.Length ? array.Array
        : known.ToArray();

    private static Headers Headers(RecordHeaders encoded)
    {
        var headers = new Headers();
        foreach (var header in encoded)
        {
            headers.Add(Encoding.UTF8.GetString(header.Key.Span), header.Value?.ToArray());
        }

        return headers;
    }
}
