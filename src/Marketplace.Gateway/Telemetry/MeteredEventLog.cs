using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Measures how long appends take until they are durable, and counts and remembers those that the log could not take, whatever the engine.</summary>
internal sealed class MeteredEventLog : IEventLog
{
    private readonly IEventLog _log;
    private readonly Histogram<double> _appends;
    private readonly Counter<long> _failures;
    private readonly AppendHealth _health;

    public MeteredEventLog(IEventLog log, IMeterFactory meters, AppendHealth health)
    {
        (_log, _health) = (log, health);
        var meter = meters.Create("Marketplace.EventLog");
        _appends = meter.CreateHistogram<double>("marketplace.eventlog.append.duration", "s", "Time of an append until it is durable.");
        _failures = meter.CreateCounter<long>("marketplace.eventlog.append.failures", "{append}", "Appends that the log could not take.");

        // A counter that is not there before its first event hides that event from whoever looks for growth.
        _failures.Add(0);
    }

    public ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken) => _log.EnsureTopicsAsync(topics, cancellationToken);

    public ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken) => _log.AddPartitionsAsync(topic, partitions, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken) => _log.DescribeTopicsAsync(cancellationToken);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var position = await _log.AppendAsync(topic, record, cancellationToken);
            Appended(topic, started);
            return position;
        }
        catch (LogUnavailableException e)
        {
            Refused(e);
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var positions = await _log.AppendAsync(topic, records, cancellationToken);
            Appended(topic, started);
            return positions;
        }
        catch (LogUnavailableException e)
        {
            Refused(e);
            throw;
        }
    }

    public ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken) => _log.OpenWriterAsync(name, cancellationToken);

    public ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken) =>
        _log.OpenReaderAsync(from, options, cancellationToken);

    public ValueTask<IGroupMember> JoinGroupAsync(
        string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken) =>
        _log.JoinGroupAsync(group, topics, listener, options, cancellationToken);

    public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) => _log.GetRangeAsync(partition, cancellationToken);

    public ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken) => _log.GetSettledEndAsync(partition, cancellationToken);

    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) =>
        _log.GetPositionsAsync(group, cancellationToken);

    public ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken) => _log.ListGroupsAsync(cancellationToken);

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    private void Appended(string topic, long started)
    {
        _health.Taken();
        _appends.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>("topic", topic));
    }

    private void Refused(LogUnavailableException e)
    {
        _health.Refused(e.Message);
        _failures.Add(1);
    }
}
