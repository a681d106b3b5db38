using System.Buffers;
using System.Globalization;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>How a record that could not be processed goes on: key and value as they were, with where it stood and why.</summary>
internal static class DeadLetter
{
    /// <summary>The record's own headers, then what <c>dead-letters</c> adds to them.</summary>
    public static void WriteHeaders(IBufferWriter<byte> writer, TopicPartition source, in StoredRecord record, string reason)
    {
        writer.Write(record.Headers.Encoded.Span);
        writer.Write(RecordHeaders.Of(
            ("dlq-topic", source.Topic),
            ("dlq-partition", source.Partition.ToString(CultureInfo.InvariantCulture)),
            ("dlq-offset", record.Offset.ToString(CultureInfo.InvariantCulture)),
            ("dlq-reason", reason)).Encoded.Span);
    }
}
