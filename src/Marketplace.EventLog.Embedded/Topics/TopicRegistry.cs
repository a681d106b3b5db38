using System.Collections.Frozen;

namespace Marketplace.EventLog.Embedded.Topics;

/// <summary>The topics by name: an immutable snapshot that readers take without a lock.</summary>
internal sealed class TopicRegistry
{
    private FrozenDictionary<string, TopicState> _topics = FrozenDictionary<string, TopicState>.Empty;

    public IEnumerable<TopicState> All => Volatile.Read(ref _topics).Values;

    public IReadOnlyDictionary<string, TopicDescription> Describe() =>
        Volatile.Read(ref _topics).ToDictionary(topic => topic.Key, topic => topic.Value.Description, StringComparer.Ordinal);

    public TopicState? Find(string name) => Volatile.Read(ref _topics).GetValueOrDefault(name);

    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    public TopicState Get(string name) => Find(name) ?? throw new UnknownTopicException(name);

    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    /// <exception cref="ArgumentException">The topic has no such partition.</exception>
    public PartitionState Get(TopicPartition name)
    {
        var topic = Get(name.Topic);
        return (uint)name.Partition < (uint)topic.Partitions.Length
            ? topic.Partitions[name.Partition]
            : throw new ArgumentException($"Topic '{name.Topic}' has no partition {name.Partition}, only {topic.Partitions.Length}.", nameof(name));
    }

    public void Publish(IEnumerable<TopicState> added) =>
        Volatile.Write(ref _topics, All.Concat(added).ToFrozenDictionary(topic => topic.Spec.Name, StringComparer.Ordinal));
}
