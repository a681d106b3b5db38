using Marketplace.EventLog.Embedded.Groups;
using Marketplace.EventLog.Embedded.Maintenance;
using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;
using Marketplace.EventLog.Embedded.Writing;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Embedded;

/// <summary>The event log in one SQLite file: one writer with group commit, readers beside it that take no lock.</summary>
public sealed partial class EmbeddedEventLog : IEventLog
{
    private readonly CancellationTokenSource _closed = new();
    private readonly FolderLock _folder;
    private readonly SqliteConnection _connection;
    private readonly LogHealth _health;
    private readonly LogMetrics _metrics;
    private readonly TopicRegistry _topics;
    private readonly PositionTable _positions = new();
    private readonly WriterEpochs _epochs = new();
    private readonly ReadPool _pool;
    private readonly BatchReader _reader;
    private readonly Checkpointer _checkpointer;
    private readonly BatchPool _batches;
    private readonly RecordEncoder _encoder;
    private readonly LogWriter _writer;
    private readonly GroupCoordinator _groups;
    private readonly LogMaintenance _maintenance;
    private readonly TimeProvider _time;
    private int _disposed;

    private EmbeddedEventLog(EmbeddedLogOptions options, FolderLock folder, string file, SqliteConnection connection, TopicRegistry topics, TimeProvider time, ILogger logger)
    {
        (_folder, _connection, _topics, _time, _metrics) = (folder, connection, topics, time, new LogMetrics(options.Name));
        _positions.Load(connection, topics);
        _health = new LogHealth(file);
        _pool = new ReadPool(file);
        _reader = new BatchReader(_pool, _health);
        var checkpoints = SqliteConnection.Open(file, readOnly: false);
        LogDatabase.Configure(checkpoints);
        _checkpointer = new Checkpointer(checkpoints, options.PageSize, options.CheckpointBytes, _health, logger);
        _batches = new BatchPool(options.StoredBatchBytes);
        _encoder = new RecordEncoder(_batches, time, options.EncodeFromBytes);
        _groups = new GroupCoordinator(time, options.SessionTimeout);
        _writer = new LogWriter(
            connection, new CommitGroup(connection, _positions, _batches), _checkpointer, _health, _metrics, time, logger, options.GroupCommitBytes, options.OnWriterThread);
        var scan = new BatchScan(_pool, _health);
        _maintenance = new LogMaintenance(
            topics, scan, new Retention(scan, _writer, _metrics), new Compactor(scan, _writer, _batches, _metrics, options), new SpaceReturn(scan, _writer), _metrics, time, logger);
        _maintenance.Start(options.MaintenanceInterval, _closed.Token);
    }

    /// <summary>Completes when the log has failed for good; the process should stop then.</summary>
    public Task<LogFailedException> Failed => _health.Failed;

    /// <summary>Opens the log of a folder, making it when it is not there.</summary>
    /// <exception cref="DataFolderInUseException">Another process has the folder open.</exception>
    /// <exception cref="LogFailedException">The log is damaged, or the disk cannot keep what it is told to.</exception>
    public static Task<EmbeddedEventLog> OpenAsync(EmbeddedLogOptions options, TimeProvider time, ILogger<EmbeddedEventLog> logger, CancellationToken cancellationToken) =>
        Task.Run(() => Open(options, time, logger), cancellationToken);

    private static EmbeddedEventLog Open(EmbeddedLogOptions options, TimeProvider time, ILogger logger)
    {
        Directory.CreateDirectory(options.Path);
        var folder = FolderLock.Acquire(options.Path);
        var file = Path.Combine(options.Path, LogDatabase.FileName);
        SqliteConnection? connection = null;
        try
        {
            connection = LogDatabase.OpenWriter(file, options);
            IntegrityCheck.CheckStructure(connection, file);
            var topics = new TopicRegistry();
            topics.Publish(TopicTable.Load(connection));
            IntegrityCheck.CheckContents(connection, file, [.. topics.All]);
            return new EmbeddedEventLog(options, folder, file, connection, topics, time, logger);
        }
        catch (Exception exception)
        {
            connection?.Dispose();
            folder.Dispose();
            throw exception switch
            {
                SqliteException fault => Explain(fault, file),
                ArgumentException nonsense => IntegrityCheck.Damaged(file, $"a topic makes no sense ({nonsense.Message})", nonsense),
                _ => exception,
            };
        }
    }

    public async ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken)
    {
        if (topics.All(spec => _topics.Find(spec.Name)?.Spec == spec))
        {
            return;
        }

        await _writer.RunAsync(
            connection => TopicTable.Ensure(connection, _topics, topics, _time),
            added =>
            {
                foreach (var spec in topics)
                {
                    if (_topics.Find(spec.Name) is { } existing)
                    {
                        existing.Description = existing.Description with { Spec = spec };
                    }
                }

                _topics.Publish(added);
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        var known = _topics.Get(topic);
        await _writer.RunAsync(
            connection => TopicTable.AddPartitions(connection, known, partitions),
            added =>
            {
                if (added.Count > 0)
                {
                    known.Add(added);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken) => new(_topics.Describe());

    public ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = AppendRequest.Of(_topics.Get(topic), record, cancellationToken);
        var result = request.One;
        _writer.Enqueue(request);
        return result;
    }

    public ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var known = _topics.Get(topic);
        if (records.IsEmpty)
        {
            return new([]);
        }

        var request = AppendRequest.Of(known, records, _encoder, cancellationToken);
        var result = request.Many;
        _writer.Enqueue(request);
        return result;
    }

    public async ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var epoch = await _writer.RunAsync(
            connection => WriterEpochs.Raise(connection, name),
            epoch => _epochs.Publish(name, epoch),
            cancellationToken).ConfigureAwait(false);
        return new EmbeddedAtomicWriter(name, epoch, _writer, _topics, _epochs, _encoder);
    }

    public ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var signal = new WakeSignal();
        var cursors = new PartitionCursors(_reader, options, signal);
        try
        {
            foreach (var (partition, offset) in from)
            {
                cursors.Add(_topics.Get(partition), offset);
            }
        }
        catch
        {
            cursors.Dispose();
            throw;
        }

        return new(new EmbeddedLogReader(cursors, ReadsOf(cursors, signal, options)));
    }

    public ValueTask<IGroupMember> JoinGroupAsync(
        string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        ArgumentException.ThrowIfNullOrEmpty(group);
        var signal = new WakeSignal();
        var cursors = new PartitionCursors(_reader, options, signal);
        var known = topics.Distinct().Select(_topics.Get).ToList();
        return new(new EmbeddedGroupMember(group, _groups.Get(group), known, listener, cursors, ReadsOf(cursors, signal, options), signal, _writer, _positions));
    }

    public ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken) => new(_topics.Get(partition).Range);

    /// <summary>A commit is seen whole or not at all, so nothing is ever under way.</summary>
    public ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken) => new(_topics.Get(partition).Range.End);

    public ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken) => new(_positions.Groups);

    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) => new(_positions.Of(group));

    /// <summary>Does now what compaction and retention have to do, instead of at the next <see cref="EmbeddedLogOptions.MaintenanceInterval"/>.</summary>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        await _maintenance.RunAsync(linked.Token).ConfigureAwait(false);
    }

    /// <summary>Writes what waits, moves the write-ahead log into the database and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _closed.CancelAsync().ConfigureAwait(false);
        await _maintenance.StopAsync().ConfigureAwait(false);
        _writer.Close();
        await _writer.Stopped.ConfigureAwait(false);
        foreach (var partition in _topics.All.SelectMany(topic => topic.Partitions))
        {
            partition.Publish(partition.End);
        }

        await _checkpointer.CloseAsync().ConfigureAwait(false);
        _pool.Dispose();
        _batches.Dispose();
        _groups.Dispose();
        _connection.Dispose();
        _metrics.Dispose();
        _closed.Dispose();
        _folder.Dispose();
    }

    private WaitingReads ReadsOf(PartitionCursors cursors, WakeSignal signal, ReaderOptions options) => new(cursors, signal, new ReadPace(options.Linger), _closed.Token);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);

    private static Exception Explain(SqliteException fault, string file) => fault.IsDamage
        ? IntegrityCheck.Damaged(file, fault.Message, fault)
        : fault.IsTransient
            ? new LogUnavailableException($"The event log '{file}' cannot be opened now: {fault.Message}.", fault)
            : new LogFailedException($"The event log '{file}' cannot be opened: {fault.Message}.", fault);
}
