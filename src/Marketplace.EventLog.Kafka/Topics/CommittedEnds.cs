using System.Collections.Concurrent;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>
/// What this process has committed. A cluster answers a commit before its markers stand in the partitions; whoever then
/// asks here for a partition's end or a group's positions is told what includes the commit. Shared by the logs of a
/// process's principals.
/// </summary>
public sealed class CommittedEnds
{
    private readonly ConcurrentDictionary<TopicPartition, long> _ends = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<TopicPartition, byte>> _groups = new(StringComparer.Ordinal);

    internal long Of(TopicPartition partition) => _ends.TryGetValue(partition, out var end) ? end : 0;

    /// <summary>The partitions whose positions were committed here.</summary>
    internal IReadOnlyCollection<TopicPartition> PartitionsOf(string group) => _groups.TryGetValue(group, out var partitions) ? [.. partitions.Keys] : [];

    /// <param name="positions">Where the batch's outputs stand, in their order.</param>
    internal void Add(AtomicBatch batch, IReadOnlyList<RecordPosition> positions)
    {
        for (var i = 0; i < positions.Count; i++)
        {
            var end = positions[i].Offset + 1;
            _ends.AddOrUpdate(new TopicPartition(batch.Outputs[i].Topic, positions[i].Partition), end, (_, known) => Math.Max(known, end));
        }

        foreach (var input in batch.Inputs)
        {
            _groups.GetOrAdd(input.Group, static _ => new()).TryAdd(input.Partition, 0);
        }
    }
}
