using Marketplace.EventLog;

namespace Marketplace.Testing;

/// <summary>A log whose commits wait while they are held, or fail as the test says, and whose topics are described when it says so.</summary>
public sealed class SlowLog(IEventLog log) : IEventLog
{
    private TaskCompletionSource _open = Opened();
    private int _waiting;

    /// <summary>Commits that wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>What a commit throws instead of being written; null: it is written.</summary>
    public Func<Exception?> Fault { get; set; } = () => null;

    /// <summary>Sees what is about to be written, and may change it.</summary>
    public Action<AtomicBatch> Committing { get; set; } = _ => { };

    /// <summary>What comes before the topics are described.</summary>
    public Func<CancellationToken, Task> Describing { get; set; } = _ => Task.CompletedTask;

    public void Hold() => _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _open.TrySetResult();

    public async ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken) => new Writer(await log.OpenWriterAsync(name, cancellationToken), this);

    public ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken) => log.EnsureTopicsAsync(topics, cancellationToken);

    public ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken) => log.AddPartitionsAsync(topic, partitions, cancellationToken);

    public async ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken)
    {
        await Describing(cancellationToken);
        return await log.DescribeTopicsAsync(cancellationToken);
    }

    public ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken) => log.AppendAsync(topic, record, cancellationToken);

    public ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken) => log.AppendAsync(topic, records, cancellationToken);

    public ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken) =>
        log.OpenReaderAsync(from, options, cancellationToken);

    public ValueTask<IGroupMember> JoinGroupAsync(string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken) =>
        log.JoinGroupAsync(group, topics, listener, options, cancellationToken);

    public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) => log.GetRangeAsync(partition, cancellationToken);

    public ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken) => log.GetSettledEndAsync(partition, cancellationToken);

    public ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken) => log.ListGroupsAsync(cancellationToken);

    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) => log.GetPositionsAsync(group, cancellationToken);

    public ValueTask DisposeAsync() => default;

    private static TaskCompletionSource Opened()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }

    private sealed class Writer(IAtomicWriter writer, SlowLog owner) : IAtomicWriter
    {
        public string Name => writer.Name;

        public async ValueTask<RecordPosition[]> CommitAsync(AtomicBatch batch, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref owner._waiting);
            await owner._open.Task;
            Interlocked.Decrement(ref owner._waiting);
            owner.Committing(batch);
            return owner.Fault() is { } fault ? throw fault : await writer.CommitAsync(batch, cancellationToken);
        }

        public ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
