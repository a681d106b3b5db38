using Marketplace.EventLog;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>Keeps the filter running: starts when the banned list is loaded to its end, and begins anew when others have taken over.</summary>
public sealed partial class FilterService(
    IEventLog log, BanListFeed bans, JourneyDesk desk, TimeProvider time, FilterMetrics metrics, TopicSettings topics, ILogger<FilterService> logger,
    PartitionSnapshots? snapshots = null, FilterPace? pace = null) : BackgroundService, IReadinessPart
{
    public const string Group = "filter";

    /// <summary>A product that arrives alone is judged at once; a flood of single ones is judged in batches.</summary>
    private static readonly ReaderOptions Reading = new() { Linger = TimeSpan.FromMilliseconds(25) };

    /// <summary>The same in all sessions: opening the writer again ends a transaction that the last session left open, which hides positions as long as it is.</summary>
    private readonly string _writer = $"{Group}-{Guid.NewGuid():N}";

    private readonly FilterPace _pace = pace ?? FilterPace.Default;
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => "filter";

    public Readiness Readiness => CaughtUp.IsCompleted
        ? new(true, "has judged all that was in the log at the start")
        : new(false, bans.IsLoaded ? "is judging what was in the log at the start" : "waits for the banned list");

    /// <summary>Completes when everything that was in the log at the start has its verdict, durably.</summary>
    public Task CaughtUp => _caughtUp.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One for judging and one for what of a commit is not the writer's.
        using var lane = _pace.GivesWayFor > TimeSpan.Zero ? new BackgroundLane("filter", threads: 2) : null;
        await bans.Loaded.WaitAsync(stoppingToken);
        for (var attempt = 0; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await RunSessionAsync(lane, stoppingToken);
            }
            catch (WriterFencedException e)
            {
                Log.Fenced(logger, e.Message);
                await Task.Delay(Backoff.Delay(attempt), time, stoppingToken);
            }
            catch (LogUnavailableException e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Unavailable(logger, e.Message);
                await Task.Delay(Backoff.Delay(attempt), time, stoppingToken);
            }
        }
    }

    private async Task RunSessionAsync(BackgroundLane? lane, CancellationToken stoppingToken)
    {
        await using var session = new FilterSession(log, bans, desk, time, _pace, topics.Partitions, metrics, snapshots, logger);
        await using var writer = await log.OpenWriterAsync(_writer, stoppingToken);
        await using var member = await log.JoinGroupAsync(Group, [TopicNames.ShopProducts], session, Reading, stoppingToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        desk.Ring = member.Wake;
        var watching = WakeOnNewListAsync(member, ended.Token);
        try
        {
            await session.RunAsync(member, new FilterCommits(writer, member, _pace, time, metrics, logger, stoppingToken), lane, ReportCaughtUp, stoppingToken);
        }
        catch (LogUnavailableException e) when (stoppingToken.IsCancellationRequested)
        {
            Log.StoppedUncommitted(logger, e.Message);
        }
        finally
        {
            desk.Ring = null;
            await ended.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void ReportCaughtUp()
    {
        if (_caughtUp.TrySetResult())
        {
            Log.CaughtUp(logger);
        }
    }

    private async Task WakeOnNewListAsync(IGroupMember member, CancellationToken cancellationToken)
    {
        // What is seen is taken before the wake-up: a change in between wakes once more instead of being lost.
        for (var seen = bans.Current; ; member.Wake())
        {
            await bans.WaitForNewerAsync(seen, cancellationToken);
            seen = bans.Current;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Filter has caught up")]
        public static partial void CaughtUp(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Filter lost the log ({Reason}); joining again")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Filter was fenced ({Reason}); joining again")]
        public static partial void Fenced(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Filter stopped with work uncommitted ({Reason}); it is done again at the next start")]
        public static partial void StoppedUncommitted(ILogger logger, string reason);
    }
}
