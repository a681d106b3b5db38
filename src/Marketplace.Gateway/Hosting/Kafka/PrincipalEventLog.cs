using Marketplace.EventLog;
using Marketplace.EventLog.Kafka;

namespace Marketplace.Gateway.Hosting.Kafka;

/// <summary>
/// The gateway's event log on a secured cluster: each call is made by the principal that may, so that a process holds no
/// right that its parts do not need.
/// </summary>
internal sealed class PrincipalEventLog(IReadOnlyDictionary<string, KafkaEventLog> logs) : IEventLog
{
    public async ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken)
    {
        // What a part would use that does not run here is another process's to check.
        var checks = topics.GroupBy(topic => Principal.ReaderOf(topic.Name)).Where(group => logs.ContainsKey(group.Key));
        await Task.WhenAll(checks.Select(group => logs[group.Key].EnsureTopicsAsync([.. group], cancellationToken).AsTask()));
    }

    public ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken) =>
        As(Principal.WriterOf(topic)).AddPartitionsAsync(topic, partitions, cancellationToken);

    public async ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(logs.Values.Select(log => log.DescribeTopicsAsync(cancellationToken).AsTask()));
        var topics = new Dictionary<string, TopicDescription>(StringComparer.Ordinal);
        foreach (var (name, topic) in all.SelectMany(seen => seen))
        {
            topics.TryAdd(name, topic);
        }

        return topics;
    }

    public ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken) =>
        As(Principal.WriterOf(topic)).AppendAsync(topic, record, cancellationToken);

    public ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken) =>
        As(Principal.WriterOf(topic)).AppendAsync(topic, records, cancellationToken);

    public ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken) => As(Principal.OfWriter(name)).OpenWriterAsync(name, cancellationToken);

    public ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken) =>
        As(Principal.ReaderOf(from.Keys.First().Topic)).OpenReaderAsync(from, options, cancellationToken);

    public ValueTask<IGroupMember> JoinGroupAsync(
        string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken) =>
        As(Principal.OfGroup(group)).JoinGroupAsync(group, topics, listener, options, cancellationToken);

    public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) =>
        WhoDescribes(partition.Topic).GetRangeAsync(partition, cancellationToken);

    public ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken) =>
        WhoDescribes(partition.Topic).GetSettledEndAsync(partition, cancellationToken);

    public async ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken)
    {
        var all = await Task.WhenAll(logs.Values.Select(log => log.ListGroupsAsync(cancellationToken).AsTask()));
        return all.SelectMany(groups => groups).ToHashSet(StringComparer.Ordinal);
    }

    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) =>
        As(Principal.OfGroup(group)).GetPositionsAsync(group, cancellationToken);

    public async ValueTask DisposeAsync() => await Task.WhenAll(logs.Values.Select(log => log.DisposeAsync().AsTask()));

    private KafkaEventLog WhoDescribes(string topic) => As(logs.ContainsKey(Principal.ReaderOf(topic)) ? Principal.ReaderOf(topic) : Principal.WriterOf(topic));

    private KafkaEventLog As(string principal) => logs.TryGetValue(principal, out var log)
        ? log
        : throw new InvalidOperationException($"No part of this process acts as '{principal}'.");
}
