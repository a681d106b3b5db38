using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Mirror.Copying;
using Marketplace.Mirror.Groups;
using Marketplace.Mirror.Promotion;
using Marketplace.Mirror.Positions;
using Marketplace.Mirror.Status;
using Marketplace.Mirror.Topics;
using Marketplace.Mirror.Translation;
using Marketplace.Mirror.Verification;
using Microsoft.Extensions.Logging;

namespace Marketplace.Mirror;

/// <summary>
/// Keeps an exact copy of a log in another one: topics, partitions, records and groups' positions, each record once, whatever
/// ends it when. It knows both sides by the port only, so any engine is copied to any.
/// </summary>
/// <remarks>The copying goes on where it was started (no <c>ConfigureAwait(false)</c>), so that a host can give it threads of its own.</remarks>
public sealed partial class LogMirror : IDisposable
{
    private readonly MirrorContext _context;
    private readonly GroupSync _groups;
    private readonly Succession _succession;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _again = new(0);
    private CancellationTokenSource _interrupt = new();
    private int _commandsWaiting;
    private Standing _standing = new(MirrorPhase.Starting, null);

    /// <param name="observe">Makes an observer of commits; they are told of records in the order of the commits they are part of.</param>
    /// <param name="meters">Tells this mirror's instruments from those of others in the process.</param>
    public LogMirror(
        IEventLog source, IEventLog target, MirrorOptions options, TimeProvider time, ILogger<LogMirror> logger, Func<ICopyObserver>? observe = null, IMeterFactory? meters = null)
    {
        var table = new MirrorTable();
        var conflicts = options.IsActiveActive ? new ConflictWatch() : null;
        _context = new MirrorContext(
            source, target, options, table, new MirrorPlanner(source, target, options, time, logger), conflicts,
            new MirrorMetrics(table, conflicts, () => Volatile.Read(ref _standing).Phase, time, meters), time, logger, observe);
        _groups = new GroupSync(source, target, options);
        _succession = new Succession(_context);
    }

    public MirrorStatus Status
    {
        get
        {
            var standing = Volatile.Read(ref _standing);
            return new MirrorStatus(
                standing.Phase, standing.Reason, _context.Options.Source, _context.Options.Target, _context.Table.Describe(_context.Now), _groups.Status,
                _context.Conflicts?.Count ?? 0, _context.Conflicts?.Latest);
        }
    }

    /// <summary>How far a partition is copied: every record of the source before this offset stands in the target. Null when it is not known, also where the source's offsets are of other records now.</summary>
    public long? PositionOf(TopicPartition partition) =>
        _context.Table.Find(partition) is { } known && known.Position.TopicId != Guid.Empty
        && known.State is not (MirrorState.Recreated or MirrorState.Truncated or MirrorState.Foreign or MirrorState.Missing)
            ? known.Position.Offset
            : null;

    /// <summary>The position in the target that reads the same next record as an offset of the source; null while that is not copied yet.</summary>
    /// <exception cref="MirrorException">The partition is not mirrored.</exception>
    public ValueTask<long?> TranslateAsync(TopicPartition partition, long offset, CancellationToken cancellationToken) =>
        new OffsetTranslator(_context.Target, _context.Options).TranslateAsync(
            _context.Table.Find(partition) ?? throw new NotMirroredException($"{partition} is not mirrored."), offset, cancellationToken);

    /// <summary>Copies until it is told to stop. A side that cannot be reached is waited for; what cannot pass by itself is waited out until a command.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var attempt = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                await RunOnceAsync(stop);
                attempt = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (e is LogUnavailableException or UnknownTopicException or OffsetOutOfRangeException)
            {
                if (stop.IsCancellationRequested)
                {
                    break;
                }

                Stand(MirrorPhase.Waiting, e.Message);
                Log.Waiting(_context.Logger, e.Message);
                await Task.Delay(Backoff.Delay(attempt++), _context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
            catch (WriterFencedException)
            {
                Stand(MirrorPhase.Fenced, $"Another mirror named '{_context.Options.Name}' has taken over; marketplace mirror resume takes it back.");
            }
            catch (EventLogException e)
            {
                Stand(MirrorPhase.Failed, e.Message);
            }

            if (_standing.Phase is MirrorPhase.Fenced or MirrorPhase.Failed or MirrorPhase.Promoted && !stop.IsCancellationRequested)
            {
                Log.Ended(_context.Logger, _standing.Phase, _standing.Reason ?? "");
                await ((Task)_again.WaitAsync(stop)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }

        if (_standing.Phase is MirrorPhase.Starting or MirrorPhase.Running or MirrorPhase.Waiting)
        {
            Stand(MirrorPhase.Stopped, null);
        }
    }

    /// <summary>Copies what the source holds now, with groups' positions, and ends.</summary>
    public Task CatchUpAsync(CancellationToken cancellationToken) => ExclusivelyAsync(
        async () =>
        {
            while (!await RunSessionAsync(untilCaughtUp: true, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return true;
        }, cancellationToken);

    /// <summary>Lets stopped partitions of a topic go on.</summary>
    /// <param name="partition">One of them, or all.</param>
    /// <exception cref="MirrorException">There is nothing of that name, or nothing at that offset.</exception>
    public Task<IReadOnlyList<PartitionStatus>> ResumeAsync(string topic, int? partition, ResumeFrom from, CancellationToken cancellationToken) => ExclusivelyAsync(
        () => new Resumption(_context).RunAsync(topic, partition, from, cancellationToken), cancellationToken);

    /// <summary>Compares both sides as far as they are copied now, while the mirror goes on.</summary>
    /// <param name="topics">Null for all.</param>
    public Task<VerificationReport> VerifyAsync(IReadOnlyCollection<string>? topics, IProgress<PartitionVerification>? progress, CancellationToken cancellationToken) =>
        new MirrorVerification(_context).RunAsync(topics, progress, cancellationToken);

    /// <summary>The target takes over: all is copied that the source holds, groups' positions are final, and the mirror stays stopped.</summary>
    /// <param name="isForced">Also when something stands in the way: what is copied is what there is.</param>
    public async Task<PromotionReport> PromoteAsync(bool isDryRun, bool isForced, CancellationToken cancellationToken)
    {
        var promotion = new MirrorPromotion(_context, _groups);
        if (isDryRun)
        {
            return await promotion.DescribeAsync(Status, cancellationToken);
        }

        return await ExclusivelyAsync(
            async () =>
            {
                var report = await promotion.RunAsync(token => RunSessionAsync(untilCaughtUp: true, token), () => Status, isForced, cancellationToken);
                if (report.IsPromoted)
                {
                    Stand(MirrorPhase.Promoted, "The target has taken over.");
                }

                return report;
            }, cancellationToken);
    }

    public void Dispose()
    {
        _context.Metrics.Dispose();
        _turn.Dispose();
        _again.Dispose();
        _interrupt.Dispose();
    }

    private async Task RunOnceAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        var interrupt = new CancellationTokenSource();
        try
        {
            // What a command has rung for while nobody waited is met by this session, and must not wake a mirror that is fenced later.
            await _again.WaitAsync(0, CancellationToken.None);
            Interlocked.Exchange(ref _interrupt, interrupt);

            // A command that came before this sees to it that it goes first; one that comes later cancels what was just made.
            if (Volatile.Read(ref _commandsWaiting) == 0)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, interrupt.Token);
                await RunSessionAsync(untilCaughtUp: false, either.Token);
            }
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // A command came while the session was being opened.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <returns>False when something has changed and there is a new plan to make.</returns>
    private async Task<bool> RunSessionAsync(bool untilCaughtUp, CancellationToken stop)
    {
        await _succession.CheckAsync(stop);
        await using var session = await MirrorSession.OpenAsync(_context, _groups, stop);
        if (_context.Table.All.Any() && _context.Table.All.All(partition => partition.State == MirrorState.Promoted))
        {
            Stand(MirrorPhase.Promoted, "The target has taken over.");
            return true;
        }

        Stand(MirrorPhase.Running, null);
        return await session.RunAsync(untilCaughtUp, stop);
    }

    /// <summary>Stops the copying, does something that needs both sides for itself, and lets it go on.</summary>
    private async Task<T> ExclusivelyAsync<T>(Func<Task<T>> command, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _commandsWaiting);
        try
        {
            await Volatile.Read(ref _interrupt).CancelAsync();
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _commandsWaiting);
        }

        try
        {
            _succession.Forget();
            return await command();
        }
        finally
        {
            if (_again.CurrentCount == 0)
            {
                _again.Release();
            }

            _turn.Release();
        }
    }

    private void Stand(MirrorPhase phase, string? reason) => Volatile.Write(ref _standing, new Standing(phase, reason));

    private sealed record Standing(MirrorPhase Phase, string? Reason);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The mirror waits: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "The mirror does not go on ({Phase}): {Reason}")]
        public static partial void Ended(ILogger logger, MirrorPhase phase, string reason);
    }
}
