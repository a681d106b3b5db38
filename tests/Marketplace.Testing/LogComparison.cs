using System.Text;
using Marketplace.EventLog;

namespace Marketplace.Testing;

/// <summary>
/// Compares a log with its copy, record by record: topic, partition, order, key, value, timestamp and headers, those whose name begins
/// with <c>mirror-</c> aside. It uses nothing of the mirror.
/// </summary>
public static class LogComparison
{
    /// <returns>The first difference, or null, and how many records are the same.</returns>
    /// <param name="latestOnly">Topics of which only the latest record of each key is compared, since compaction may take the others at any moment.</param>
    public static async Task<(string? Difference, long Same)> RunAsync(
        IEventLog source, IEventLog target, IEnumerable<string> topics, CancellationToken cancellationToken, IReadOnlyCollection<string>? latestOnly = null)
    {
        var same = 0L;
        foreach (var topic in topics)
        {
            var partitions = (await source.DescribeTopicsAsync(cancellationToken))[topic].Spec.Partitions;
            for (var number = 0; number < partitions; number++)
            {
                var partition = new TopicPartition(topic, number);
                var wanted = await ReadAsync(source, partition, cancellationToken);
                var found = await ReadAsync(target, partition, cancellationToken);
                if (latestOnly?.Contains(topic) == true)
                {
                    (wanted, found) = (Latest(wanted), Latest(found));
                }

                for (var i = 0; i < Math.Min(wanted.Count, found.Count); i++)
                {
                    if (wanted[i] != found[i])
                    {
                        return ($"{partition}, record {i} of {wanted.Count} and {found.Count}: wanted {wanted[i]}, found {found[i]}", same);
                    }

                    same++;
                }

                if (found.Count != wanted.Count)
                {
                    return ($"{partition}: wanted {wanted.Count} records, found {found.Count}", same);
                }
            }
        }

        return (null, same);
    }

    /// <summary>All records of a partition, each as text without its offset and the mirror's headers.</summary>
    public static async Task<List<(string Key, string Text)>> ReadAsync(IEventLog log, TopicPartition partition, CancellationToken cancellationToken)
    {
        var range = await log.GetRangeAsync(partition, cancellationToken);
        var records = new List<(string, string)>();
        if (range.Begin == range.End)
        {
            return records;
        }

        await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = range.Begin }, ReaderOptions.Default, cancellationToken);
        while (reader.PositionOf(partition) < range.End)
        {
            using var batch = await reader.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody wakes this reader.");
            foreach (var record in batch.Records)
            {
                records.Add((Hex(record.Key), Describe(record)));
            }
        }

        return records;
    }

    private static List<(string, string)> Latest(List<(string Key, string Text)> records) => [.. records.GroupBy(record => record.Key).Select(key => key.Last()).Order()];

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
