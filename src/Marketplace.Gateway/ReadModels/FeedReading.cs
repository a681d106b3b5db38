using System.Runtime.CompilerServices;
using Marketplace.EventLog;

namespace Marketplace.Gateway.ReadModels;

/// <summary>Reads a topic for models that know how far they are.</summary>
internal static class FeedReading
{
    /// <summary>The batches of a topic from these offsets on, one a partition (0: its beginning).</summary>
    /// <remarks>
    /// Where retention has taken what was asked for, an empty batch comes first and says where the rest begins: if nothing is left, no
    /// other would, and whoever waits for a partition's end would wait for a record that never comes.
    /// </remarks>
    public static async IAsyncEnumerable<RecordBatch> ReadFeedAsync(
        this IEventLog log, string topic, IReadOnlyList<long> from, ReaderOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var starts = from.Select((offset, number) => (Partition: new TopicPartition(topic, number), Offset: offset)).ToList();
        await using var reader = await log.OpenReaderAsync(
            starts.ToDictionary(start => start.Partition, start => start.Offset == 0 ? LogOffset.Begin : start.Offset), options, cancellationToken);
        foreach (var (partition, offset) in starts)
        {
            if (reader.PositionOf(partition) is var begin && begin > offset)
            {
                yield return new RecordBatch(partition, default, begin, begin);
            }
        }

        while (await reader.ReadAsync(cancellationToken) is { } records)
        {
            yield return records;
        }
    }
}
