using Marketplace.EventLog;
using Microsoft.Extensions.DependencyInjection;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>A log whose appends, ranges and readers fail as the test says.</summary>
internal sealed class FailingLog
{
    /// <summary>What an append to this topic of this many records throws; null: it is let through.</summary>
    public Func<string, int, Exception?> Fault { get; set; } = (_, _) => null;

    /// <summary>What asking for a partition's range throws; null: it is let through.</summary>
    public Func<TopicPartition, Exception?> RangeFault { get; set; } = _ => null;

    /// <summary>What a reader throws instead of reading; null: it reads.</summary>
    public Func<Exception?> ReadFault { get; set; } = () => null;

    public IEventLog Over(IEventLog log) => new Log(log, this);

    public void Install(IServiceCollection services)
    {
        var real = services.Last(d => d.ServiceType == typeof(IEventLog)).ImplementationFactory!;
        services.AddSingleton<IEventLog>(s => Over((IEventLog)real(s)));
    }

    private sealed class Log(IEventLog log, FailingLog owner) : IEventLog
    {
        public ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken) =>
            owner.Fault(topic, 1) is { } fault ? throw fault : log.AppendAsync(topic, record, cancellationToken);

        public ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken) =>
            owner.Fault(topic, records.Length) is { } fault ? throw fault : log.AppendAsync(topic, records, cancellationToken);

        public ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken) => log.EnsureTopicsAsync(topics, cancellationToken);

        public ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken) => log.AddPartitionsAsync(topic, partitions, cancellationToken);

        public ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken) => log.ListGroupsAsync(cancellationToken);

        public ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken) => log.DescribeTopicsAsync(cancellationToken);

        public ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken) => log.OpenWriterAsync(name, cancellationToken);

        public async ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken) =>
            new Reader(await log.OpenReaderAsync(from, options, cancellationToken), owner);

        public ValueTask<IGroupMember> JoinGroupAsync(
            string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken) =>
            log.JoinGroupAsync(group, topics, listener, options, cancellationToken);

        public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) =>
            owner.RangeFault(partition) is { } fault ? throw fault : log.GetRangeAsync(partition, cancellationToken);

        public ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken) => log.GetSettledEndAsync(partition, cancellationToken);

        public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) =>
            log.GetPositionsAsync(group, cancellationToken);

        public ValueTask DisposeAsync() => log.DisposeAsync();
    }

    private sealed class Reader(ILogReader reader, FailingLog owner) : ILogReader
    {
        public ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken) => owner.ReadFault() is { } fault ? throw fault : reader.ReadAsync(cancellationToken);

        public void Wake() => reader.Wake();

        public long PositionOf(TopicPartition partition) => reader.PositionOf(partition);

        public void Seek(TopicPartition partition, long offset) => reader.Seek(partition, offset);

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
