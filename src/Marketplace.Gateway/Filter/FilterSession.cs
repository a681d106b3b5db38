using Marketplace.EventLog;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>
/// One membership of the filter's group: reads the partitions that the group gives, lets <see cref="FilterProcessor"/>
/// judge, commits. Ends with <see cref="WriterFencedException"/> when others have taken over; then a new session begins.
/// </summary>
internal sealed partial class FilterSession : IRebalanceListener, IAsyncDisposable
{
    /// <summary>What comes back into sale is read so many bytes at a time.</summary>
    private const int LookupBytes = 256 * 1024;

    private readonly IEventLog _log;
    private readonly BanListFeed _bans;
    private readonly JourneyDesk _desk;
    private readonly TimeProvider _time;
    private readonly FilterPace _pace;
    private readonly FilterMetrics _metrics;
    private readonly PartitionSnapshots? _snapshots;
    private readonly ILogger _logger;
    private readonly ProductLookup _lookup;
    private readonly PartitionLoader _loader;
    private readonly FilterProcessor _processor;
    private readonly Dictionary<int, long> _catchUpTo = [];

    /// <summary>Held by the loop while it works and by a rebalance while it drains: the two never overlap.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private FilterCommits? _commits;
    private IGroupMember? _member;

    /// <summary>Set when there are partitions, until all that stood in them then has been judged.</summary>
    private bool _catchingUp;

    /// <summary>How long what was judged last had waited for it.</summary>
    private TimeSpan _lateness;

    /// <summary>Records since the last snapshot.</summary>
    private long _unsaved;

    public FilterSession(IEventLog log, BanListFeed bans, JourneyDesk desk, TimeProvider time, FilterPace pace, int partitions, FilterMetrics metrics, PartitionSnapshots? snapshots, ILogger logger)
    {
        (_log, _bans, _desk, _time, _pace, _metrics, _snapshots, _logger) = (log, bans, desk, time, pace, metrics, snapshots, logger);
        _lookup = new ProductLookup(log, LookupBytes);
        _loader = new PartitionLoader(log, snapshots, time);
        _processor = new FilterProcessor(partitions, _lookup, ProductInspection.Inspect);
    }

    /// <summary>Runs until it is stopped or fenced; at the end everything judged is durable, or was not judged.</summary>
    /// <param name="lane">Where it works while it gives way; null: it never does.</param>
    public async Task RunAsync(IGroupMember member, FilterCommits commits, BackgroundLane? lane, Action caughtUp, CancellationToken stoppingToken)
    {
        (_member, _commits) = (member, commits);
        await using var expiry = _time.CreateTimer(_ => member.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Task<RecordBatch?>? reading = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (lane is not null)
            {
                await lane.EnterAsync(unless: IsAwaited);
            }

            reading ??= member.ReadAsync(stoppingToken).AsTask();

            // A free disk is as good a reason to go on as a new batch; and a commit that failed for good ends the session also while nothing comes.
            await (commits.Filling.IsEmpty && !_processor.IsBehind && commits.Current.IsCompletedSuccessfully ? Task.WhenAny((Task)reading) : Task.WhenAny(reading, commits.Free));
            await _turn.WaitAsync(CancellationToken.None);
            try
            {
                var arrived = reading.IsCompleted;
                if (arrived && reading.IsCanceled)
                {
                    break;
                }

                if (commits.Current.IsFaulted)
                {
                    await commits.Current;
                }

                await StepAsync(commits, arrived ? await reading : null, stoppingToken);
                reading = arrived ? null : reading;
                if (_snapshots?.IsDue(_unsaved, _processor.Owned.Values) == true)
                {
                    await commits.DrainAsync();
                    await SaveAsync(commits, _snapshots);
                }

                _desk.Answer(_processor);
                if (_catchingUp && !_processor.IsBehind && HasCaughtUp())
                {
                    _catchingUp = false;
                    _ = ReportAsync(commits.WhenDurable(), caughtUp);
                }
            }
            finally
            {
                _turn.Release();
            }

            ScheduleExpiry(expiry, member);
        }

        await commits.DrainAsync();
        if (_snapshots?.IsWorthSaving(_unsaved) == true)
        {
            await _turn.WaitAsync(CancellationToken.None);
            try
            {
                await SaveAsync(commits, _snapshots);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    public async ValueTask AssignedAsync(IReadOnlyDictionary<TopicPartition, long> starts, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _processor.Advance(_bans.Current, Now());
            var loaded = await Task.WhenAll(starts.Select(start => Task.Run(() => _loader.LoadAsync(start.Key.Partition, Math.Max(start.Value, 0), _processor, cancellationToken), cancellationToken)));
            foreach (var partition in loaded)
            {
                // Another gateway may have judged by a newer list than has been read here; verdicts never go back.
                await _bans.WaitForAsync(partition.Basis.BanList - 1, cancellationToken);
                _processor.Advance(_bans.Current, Now());
                _processor.Add(partition);
                _unsaved += partition.Scanned;
                var number = partition.Partition.Number;
                _catchUpTo[number] = (await _log.GetRangeAsync(new TopicPartition(TopicNames.ShopProducts, number), cancellationToken)).End;
                _metrics.Assigned(new TopicPartition(TopicNames.ShopProducts, number), partition.Partition.Position);
                Log.Assigned(_logger, number, partition.Partition.Products.Count, partition.Partition.Position);
            }

            _catchingUp = true;

            // There may be nothing to read and still something to do: the list may have changed since the partition's last commit.
            _member!.Wake();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask RevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await (_commits?.DrainAsync() ?? Task.CompletedTask);
            Forget(partitions);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask LostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _commits?.Drop();
            Forget(partitions);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lookup.DisposeAsync();
        _turn.Dispose();
    }

    /// <summary>A neighbour on the machine may leave the low priority next to nothing; then it is left before anybody notices.</summary>
    private bool IsAwaited => _catchingUp || _processor.IsBehind || _desk.IsAsked || _lateness > _pace.GivesWayFor;

    private async Task StepAsync(FilterCommits commits, RecordBatch? batch, CancellationToken stoppingToken)
    {
        _processor.Advance(_bans.Current, Now());
        for (var first = true; _processor.IsBehind && (first || batch is not null); first = false)
        {
            await _processor.ReconcileAsync(commits.Filling, commits.Room, stoppingToken);
            await commits.SendAsync();
        }

        if (batch is not null)
        {
            _unsaved += batch.Count;
            _processor.Process(batch, commits.Filling);
            _lateness = batch.Count > 0 ? TimeSpan.FromMilliseconds(Now() - batch.Records[0].Timestamp) : TimeSpan.Zero;
        }

        await commits.SendAsync();
    }

    /// <summary>Keeps what is known now; nothing of it may be under way.</summary>
    private async Task SaveAsync(FilterCommits commits, PartitionSnapshots snapshots)
    {
        _unsaved = 0;
        try
        {
            var topics = await TopicPair.OfAsync(_log, CancellationToken.None);
            foreach (var partition in _processor.Owned.Values)
            {
                snapshots.Save(partition, Math.Max(partition.OutputEnd, commits.OutputEnds.GetValueOrDefault(partition.Number)), topics);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogUnavailableException)
        {
            // The log has everything; the next start takes longer.
            Log.NotSaved(_logger, e);
        }
    }

    private void Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            _processor.Remove(partition.Partition);
            _metrics.Revoked(partition);
            _catchUpTo.Remove(partition.Partition);
        }
    }

    private bool HasCaughtUp() =>
        _catchUpTo.All(p => _processor.Owned.TryGetValue(p.Key, out var owned) && owned.Position >= p.Value);

    private static async Task ReportAsync(Task durable, Action caughtUp)
    {
        await durable.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (durable.IsCompletedSuccessfully)
        {
            caughtUp();
        }
    }

    private void ScheduleExpiry(ITimer expiry, IGroupMember member)
    {
        if (_processor.NextExpiry is { } next)
        {
            var due = Math.Clamp(next - Now(), 0, int.MaxValue);
            expiry.Change(TimeSpan.FromMilliseconds(due), Timeout.InfiniteTimeSpan);
            if (Now() >= next)
            {
                // The clock has passed it meanwhile; the timer may have been set from the time before.
                member.Wake();
            }
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Filter owns shop-products-{Partition}: {Products} products known, position {Position}")]
        public static partial void Assigned(ILogger logger, int partition, int products, long position);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of the filter could be saved")]
        public static partial void NotSaved(ILogger logger, Exception exception);
    }
}
