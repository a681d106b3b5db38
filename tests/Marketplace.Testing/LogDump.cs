using System.Text;
using Marketplace.EventLog;

namespace Marketplace.Testing;

/// <summary>A record copied out of the log.</summary>
public sealed record DumpedRecord(int Partition, long Offset, long Timestamp, string? Key, byte[]? Value, IReadOnlyDictionary<string, string?> Headers)
{
    public string? Text => Value is null ? null : Encoding.UTF8.GetString(Value);
}

/// <summary>Reads a whole topic, partition by partition, into memory.</summary>
public static class LogDump
{
    public static async Task<IReadOnlyList<DumpedRecord>> ReadAsync(IEventLog log, string topic, CancellationToken cancellationToken)
    {
        var partitions = (await log.DescribeTopicsAsync(cancellationToken))[topic].Spec.Partitions;
        var records = new List<DumpedRecord>();
        for (var number = 0; number < partitions; number++)
        {
            var partition = new TopicPartition(topic, number);
            var range = await log.GetRangeAsync(partition, cancellationToken);
            if (range.Begin == range.End)
            {
                continue;
            }

            await using var reader = await log.OpenReaderAsync(
                new Dictionary<TopicPartition, long> { [partition] = LogOffset.Begin }, ReaderOptions.Default, cancellationToken);
            for (var position = range.Begin; position < range.End;)
            {
                using var batch = await reader.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody wakes this reader.");
                records.AddRange(batch.Records.ToArray().Select(record => Copy(number, record)));
                position = batch.NextOffset;
            }
        }

        return records;
    }

    private static DumpedRecord Copy(int partition, StoredRecord record)
    {
        var headers = new Dictionary<string, string?>();
        foreach (var header in record.Headers)
        {
            headers[Encoding.UTF8.GetString(header.Key.Span)] = header.Value is { } value ? Encoding.UTF8.GetString(value.Span) : null;
        }

        return new DumpedRecord(
            partition,
            record.Offset,
            record.Timestamp,
            record.Key is { } key ? Encoding.UTF8.GetString(key.Span) : null,
            record.Value?.ToArray(),
            headers);
    }
}
