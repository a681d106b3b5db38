using System.Text;
using Marketplace.EventLog;

namespace Marketplace.Mirror.Tests.Fixture;

/// <summary>
/// Compares two logs record by record by what the issue asks for: same topic, partition, order, key, value, timestamp and headers, the
/// headers whose name begins with <c>mirror-</c> aside. It uses nothing of the mirror.
/// </summary>
public static class Judge
{
    /// <returns>How many records are the same.</returns>
    public static async Task<long> CompareAsync(IEventLog source, IEventLog target, IReadOnlyCollection<string> topics, CancellationToken cancellationToken, Func<string, bool>? isCounted = null)
    {
        var count = 0L;
        foreach (var topic in topics)
        {
            var partitions = (await source.DescribeTopicsAsync(cancellationToken))[topic].Spec.Partitions;
            for (var number = 0; number < partitions; number++)
            {
                var partition = new TopicPartition(topic, number);
                var wanted = await ReadAsync(source, partition, cancellationToken);
                var found = await ReadAsync(target, partition, cancellationToken);
                wanted.RemoveAll(record => isCounted?.Invoke(record) == false);
                found.RemoveAll(record => isCounted?.Invoke(record) == false);
                for (var i = 0; i < Math.Min(wanted.Count, found.Count); i++)
                {
                    if (wanted[i] != found[i])
                    {
                        found[i].ShouldBe(wanted[i], $"{partition}, record {i}");
                    }
                }

                found.Count.ShouldBe(wanted.Count, $"{partition}");
                count += wanted.Count;
            }
        }

        return count;
    }

    /// <summary>All records of a partition, each as text without its offset and the mirror's headers.</summary>
    public static async Task<List<string>> ReadAsync(IEventLog log, TopicPartition partition, CancellationToken cancellationToken)
    {
        var range = await log.GetRangeAsync(partition, cancellationToken);
        var records = new List<string>();
        if (range.Begin == range.End)
        {
            return records;
        }

        await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = range.Begin }, ReaderOptions.Default, cancellationToken);
        while (reader.PositionOf(partition) < range.End)
        {
            using var batch = await reader.ReadAsync(cancellationToken);
            foreach (var record in batch!.Records)
            {
                records.Add(Describe(record));
            }
        }

        return records;
    }

    private static string Describe(in StoredRecord record)
    {
        var text = new StringBuilder().Append(record.Timestamp).Append(' ').Append(Hex(record.Key)).Append('=').Append(Hex(record.Value));
        foreach (var header in record.Headers)
        {
            var name = Encoding.UTF8.GetString(header.Key.Span);
            if (!name.StartsWith("mirror-", StringComparison.Ordinal))
            {
                text.Append(' ').Append(name).Append(':').Append(Hex(header.Value));
            }
        }

        return text.ToString();
    }

    private static string Hex(ReadOnlyMemory<byte>? bytes) => bytes is { } known ? Convert.ToHexString(known.Span) : "null";
}
