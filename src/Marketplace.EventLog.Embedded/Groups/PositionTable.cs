using System.Collections.Frozen;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Groups;

/// <summary>The committed positions by group: immutable snapshots, replaced by the writer when a commit is durable.</summary>
internal sealed class PositionTable
{
    private static readonly FrozenDictionary<TopicPartition, GroupPosition> None = FrozenDictionary<TopicPartition, GroupPosition>.Empty;
    private Dictionary<string, IReadOnlyDictionary<TopicPartition, GroupPosition>> _groups = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Groups => Volatile.Read(ref _groups).Keys;

    public IReadOnlyDictionary<TopicPartition, GroupPosition> Of(string group) =>
        Volatile.Read(ref _groups).TryGetValue(group, out var positions) ? positions : None;

    public void Load(SqliteConnection connection, TopicRegistry topics)
    {
        var partitions = topics.All.SelectMany(topic => topic.Partitions).ToDictionary(partition => partition.Id);
        var loaded = new Dictionary<(string, PartitionState), GroupPosition>();
        using var select = connection.Prepare("SELECT consumer_group, partition, offset, metadata FROM positions");
        while (select.Step())
        {
            var partition = partitions[(int)select.GetInt64(1)];
            loaded[(select.GetText(0), partition)] = new GroupPosition(select.GetInt64(2), select.GetNullableText(3));
        }

        Publish(loaded);
    }

    public void Publish(IReadOnlyDictionary<(string Group, PartitionState Partition), GroupPosition> changes)
    {
        var groups = new Dictionary<string, IReadOnlyDictionary<TopicPartition, GroupPosition>>(_groups, StringComparer.Ordinal);
        foreach (var group in changes.GroupBy(change => change.Key.Group, StringComparer.Ordinal))
        {
            var positions = new Dictionary<TopicPartition, GroupPosition>(Of(group.Key));
            foreach (var (key, position) in group)
            {
                positions[key.Partition.Name] = position;
            }

            groups[group.Key] = positions;
        }

        Volatile.Write(ref _groups, groups);
    }
}
