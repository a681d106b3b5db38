using Marketplace.EventLog;
using Marketplace.Mirror.Groups;
using Marketplace.Mirror.Status;
using Marketplace.Mirror.Topics;

namespace Marketplace.Mirror.Copying;

/// <summary>
/// Copies while both sides stay as they were found. One writer commits the records of all partitions together with their positions;
/// while one commit is on its way the next is being filled, so commits grow with the load by themselves. What the watch finds ends
/// the session, and the next one begins with a new plan.
/// </summary>
internal sealed class MirrorSession : IAsyncDisposable
{
    /// <summary>How long the end of a session waits for a target that takes nothing.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(4);

    private readonly MirrorContext _context;
    private readonly IAtomicWriter _writer;
    private readonly ILogReader? _reader;
    private readonly SourceWatch _watch;
    private readonly Dictionary<TopicPartition, PartitionMirror> _partitions;
    private readonly List<GroupMove> _moves = [];
    private readonly SemaphoreSlim _ring = new(0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Pace _pace;
    private readonly CommitRoom _room;
    private CopyOutput _filling;
    private CopyOutput _committing;
    private Task _commit = Task.CompletedTask;
    private Task<WatchReport>? _watching;
    private int _isLookDue;

    private MirrorSession(MirrorContext context, IAtomicWriter writer, ILogReader? reader, SourceWatch watch, Dictionary<TopicPartition, PartitionMirror> partitions)
    {
        (_context, _writer, _reader, _watch, _partitions) = (context, writer, reader, watch, partitions);
        _room = new CommitRoom(context.Options.CommitBytes);
        _pace = new Pace(context.Options.MaxBytesPerSecond, context.Time);
        (_filling, _committing) = (NewOutput(context), NewOutput(context));
    }

    /// <summary>Fences other mirrors of the name and plans.</summary>
    public static async Task<MirrorSession> OpenAsync(MirrorContext context, GroupSync groups, CancellationToken cancellationToken)
    {
        // The writer first: positions are final when nobody else can move them any more.
        var writer = await context.Target.OpenWriterAsync(context.Options.Name, cancellationToken);
        ILogReader? reader = null;
        try
        {
            var topics = await context.Planner.FindTopicsAsync(cancellationToken);
            await context.Planner.PlanAsync(topics, context.Table, cancellationToken);
            var running = context.Table.All.Where(partition => partition.IsRunning).ToDictionary(partition => partition.Name);
            await ClaimAsync(context, writer, [.. running.Values.Where(partition => !partition.IsClaimed)], cancellationToken);
            if (running.Count > 0)
            {
                reader = await context.Source.OpenReaderAsync(
                    running.ToDictionary(partition => partition.Key, partition => partition.Value.Position.Offset),
                    new ReaderOptions { Linger = context.Options.Linger },
                    cancellationToken);
            }

            return new MirrorSession(context, writer, reader, new SourceWatch(context, groups, topics, running), running);
        }
        catch
        {
            await writer.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Commits that partitions are this mirror's before their first record: what a commit that was killed leaves behind takes offsets
    /// on a cluster, and would be taken for another's records.
    /// </summary>
    private static async Task ClaimAsync(MirrorContext context, IAtomicWriter writer, IReadOnlyCollection<PartitionMirror> unclaimed, CancellationToken cancellationToken)
    {
        if (unclaimed.Count == 0)
        {
            return;
        }

        var claim = new AtomicBatch();
        foreach (var partition in unclaimed)
        {
            claim.SetPosition(context.Options.Name, partition.Name, partition.Position.ToGroupPosition(context.Owner));
        }

        await writer.CommitAsync(claim, cancellationToken);
    }

    /// <summary>Copies until something has changed, or it is told to stop; what was read is committed then.</summary>
    /// <param name="untilCaughtUp">End as soon as all is copied that the source held at the first look, with groups' positions in step.</param>
    /// <returns>True when all was copied, false when something has changed or it was told to stop.</returns>
    public async Task<bool> RunAsync(bool untilCaughtUp, CancellationToken stop)
    {
        var isDone = false;
        await using var timer = _context.Time.CreateTimer(_ => Ring(), null, TimeSpan.Zero, _context.Options.WatchInterval);
        var (goal, isReached) = (default(IReadOnlyList<(PartitionMirror Partition, long End)>), false);
        while (!stop.IsCancellationRequested)
        {
            if (_watching is null && Interlocked.Exchange(ref _isLookDue, 0) != 0)
            {
                _watching = Task.Run(() => _watch.LookAsync(_ended.Token), CancellationToken.None);
                _ = _watching.ContinueWith(_ => Wake(), TaskScheduler.Default);
            }

            if (_watching is { IsCompleted: true } done)
            {
                _watching = null;
                var report = await done;
                if (!report.IsAsPlanned)
                {
                    break;
                }

                await TakeAsync(report);
                goal ??= report.Ends;
                var wasReached = isReached;
                isReached = goal.All(partition => partition.Partition.Position.Offset >= partition.End);
                if (untilCaughtUp && isReached && wasReached)
                {
                    // The look before moved the groups, with all there that they may stand at.
                    isDone = true;
                    break;
                }

                if (untilCaughtUp)
                {
                    Ring();
                }
            }

            try
            {
                await StepAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (OffsetOutOfRangeException)
            {
                // The plan says what has become of it.
                break;
            }
        }

        try
        {
            await DrainAsync().WaitAsync(StopLimit, _context.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // The target takes nothing now; what is not committed is copied by the next session.
            isDone = false;
        }

        return isDone;
    }

    public async ValueTask DisposeAsync()
    {
        // A source that does not answer is not waited for.
        await _ended.CancelAsync();
        await ((Task?)_watching ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        // A commit that hangs ends with its writer; until it has ended, its memory is not given back.
        await _writer.DisposeAsync();
        await _commit.WaitAsync(StopLimit, _context.Time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _filling.Dispose();
        if (_commit.IsCompleted)
        {
            _committing.Dispose();
        }

        _ring.Dispose();
        _ended.Dispose();
    }

    private static CopyOutput NewOutput(MirrorContext context) => new(context.Options, context.Owner, context.Conflicts, context.Observe?.Invoke());

    private async Task StepAsync(CancellationToken stop)
    {
        if (_reader is null)
        {
            await _ring.WaitAsync(stop);
            return;
        }

        var batch = await _reader.ReadAsync(stop);
        var before = _filling.Bytes;
        if (batch is not null)
        {
            _filling.Add(_partitions[batch.Partition], batch);
        }

        var added = _filling.Bytes - before;
        await SendAsync(_filling.HasNews);
        await _pace.SpendAsync(added, stop);
    }

    /// <summary>Sends what is filled if nothing is under way; waits for that first when there is too much already.</summary>
    private async ValueTask SendAsync(bool isWanted)
    {
        if (_filling.Bytes >= _room.Bytes || (_commit.IsCompleted && isWanted))
        {
            await _commit;
            (_filling, _committing) = (_committing, _filling);
            _commit = CommitAsync(_committing, [.. _moves]);
            _moves.Clear();

            // Not from inside: who is woken has to find it ended.
            _ = _commit.ContinueWith(_ => Wake(), TaskScheduler.Default);
        }
        else if (_commit.IsFaulted)
        {
            await _commit;
        }
    }

    private async Task DrainAsync()
    {
        await _commit;
        if (_ended.IsCancellationRequested)
        {
            // Given up meanwhile: what is filled is being given back.
            return;
        }

        await SendAsync(!_filling.IsEmpty);
        await _commit;
    }

    private async Task CommitAsync(CopyOutput output, IReadOnlyList<GroupMove> moves)
    {
        output.Seal(_context.Now);
        var started = _context.Time.GetTimestamp();
        var written = await WriteAsync(output);
        output.Committed(written, _context.Now);
        var elapsed = _context.Time.GetElapsedTime(started);
        _context.Metrics.Copied(output, elapsed);
        _room.See(output.Bytes, elapsed);
        _watch.Written(moves);
        output.Reset();
    }

    private async ValueTask<RecordPosition[]> WriteAsync(CopyOutput output)
    {
        // One topic is named at a time, and several may need room; one that was given it and has too little all the same is an error.
        for (var widened = new HashSet<string>(StringComparer.Ordinal); ;)
        {
            try
            {
                return await _writer.CommitAsync(output.Batch, CancellationToken.None);
            }
            catch (RecordTooLargeException e) when (widened.Add(e.Topic))
            {
                await _context.Planner.MakeRoomAsync(e.Topic, CancellationToken.None);
            }
        }
    }

    /// <summary>Adds what the watch found to the next commit.</summary>
    private async ValueTask TakeAsync(WatchReport report)
    {
        foreach (var move in report.Moves)
        {
            _filling.SetGroupPosition(move.Group, move.Partition, move.Target);
            _moves.Add(move);
        }

        foreach (var partition in report.ToRefresh)
        {
            _filling.Refresh(partition);
        }

        await SendAsync(!_filling.IsEmpty);
    }

    /// <summary>It is time for a look at the source.</summary>
    private void Ring()
    {
        Volatile.Write(ref _isLookDue, 1);
        Wake();
    }

    private void Wake()
    {
        try
        {
            _reader?.Wake();
            if (_ring.CurrentCount == 0)
            {
                _ring.Release();
            }
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
