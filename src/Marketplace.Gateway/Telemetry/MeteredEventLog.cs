using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Measures how long appends take until they are durable, whatever the engine.</summary>
internal sealed class MeteredEventLog(IEventLog log, IMeterFactory meters) : IEventLog
{
    private readonly Histogram<double> _appends = meters.Create("Marketplace.EventLog").CreateHistogram<double>(
        "marketplace.eventlog.append.duration", "s", "Time of an append until it is durable.");

    public ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken) => log.EnsureTopicsAsync(topics, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken) => log.DescribeTopicsAsync(cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var position = await log.AppendAsync(topic, record, cancellationToken);
        Appended(topic, started);
        return position;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var positions = await log.AppendAsync(topic, records, cancellationToken);
        Appended(topic, started);
        return positions;
    }

    public ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken) => log.OpenWriterAsync(name, cancellationToken);

    public ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken) =>
        log.OpenReaderAsync(from, options, cancellationToken);

    public ValueTask<IGroupMember> JoinGroupAsync(
        string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken) =>
        log.JoinGroupAsync(group, topics, listener, options, cancellationToken);

    public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) => log.GetRangeAsync(partition, cancellationToken);

    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) =>
        log.GetPositionsAsync(group, cancellationToken);

    public ValueTask DisposeAsync() => log.DisposeAsync();

    private void Appended(string topic, long started) =>
        _appends.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("topic", topic));
}
