using System.Collections.Concurrent;
using Marketplace.EventLog;

namespace Marketplace.Mirror.Status;

/// <summary>All partitions that the mirror knows of.</summary>
internal sealed class MirrorTable
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionMirror> _partitions = new();

    public IEnumerable<PartitionMirror> All => _partitions.Values;

    public PartitionMirror GetOrAdd(TopicPartition name) => _partitions.GetOrAdd(name, static name => new PartitionMirror(name));

    public PartitionMirror? Find(TopicPartition name) => _partitions.GetValueOrDefault(name);

    public IReadOnlyList<TopicStatus> Describe(long now) =>
    [
        .. All.Select(partition => partition.Describe(now)).GroupBy(partition => partition.Partition.Topic, StringComparer.Ordinal)
            .OrderBy(topic => topic.Key, StringComparer.Ordinal)
            .Select(topic => Describe(topic.Key, [.. topic.OrderBy(partition => partition.Partition.Partition)])),
    ];

    private static TopicStatus Describe(string topic, IReadOnlyList<PartitionStatus> partitions)
    {
        var stopped = partitions.FirstOrDefault(partition => partition.State != MirrorState.Running);
        return new TopicStatus(
            topic, stopped?.State ?? MirrorState.Running, stopped?.Reason, partitions.Sum(partition => partition.LagRecords), partitions.Max(partition => partition.LagSeconds), partitions);
    }
}
