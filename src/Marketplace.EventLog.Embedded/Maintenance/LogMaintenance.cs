using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Marketplace.EventLog.Embedded.Topics;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// Retention, compaction and the return of free space, by themselves at an interval and beside everything else: what they
/// read is a snapshot, what they write are small transactions that take their turn among the appends.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle is never used, so there is nothing to let go of.")]
internal sealed partial class LogMaintenance(
    TopicRegistry topics, BatchScan scan, Retention retention, Compactor compactor, SpaceReturn space, LogMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<PartitionState, PartitionUpkeep> _upkeep = [];
    private Task _loop = Task.CompletedTask;

    public void Start(TimeSpan interval, CancellationToken stopping)
    {
        if (interval != Timeout.InfiniteTimeSpan)
        {
            _loop = LoopAsync(new PeriodicTimer(interval, time), stopping);
        }
    }

    /// <summary>Does all that is due now.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        var start = Stopwatch.GetTimestamp();
        try
        {
            foreach (var topic in topics.All)
            {
                foreach (var partition in topic.Partitions)
                {
                    await RunAsync(partition, topic.Spec, cancellationToken).ConfigureAwait(false);
                }
            }

            await space.RunAsync(cancellationToken).ConfigureAwait(false);
            metrics.Maintained(Stopwatch.GetElapsedTime(start));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits for what is under way to end; it has been told to stop.</summary>
    public async Task StopAsync()
    {
        await _loop.ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Release();
    }

    private async Task RunAsync(PartitionState partition, TopicSpec spec, CancellationToken cancellationToken)
    {
        if (spec is { RetentionTime: null, RetentionBytes: null, Compaction: null })
        {
            return;
        }

        if (!_upkeep.TryGetValue(partition, out var upkeep))
        {
            _upkeep.Add(partition, upkeep = scan.LoadUpkeep(partition));
            upkeep.BeginsAt(partition.Begin);
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        await retention.RunAsync(partition, upkeep, spec, now, cancellationToken).ConfigureAwait(false);
        if (spec.Compaction is { } compaction)
        {
            await compactor.RunAsync(partition, upkeep, compaction, now, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LoopAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        using (timer)
        {
            // Off the caller's thread: what follows a tick reads the disk.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            try
            {
                while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                {
                    await TryRunAsync(stopping).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>What went wrong is logged and tried again at the next interval; a log that has failed says so by itself.</summary>
    private async Task TryRunAsync(CancellationToken stopping)
    {
        try
        {
            await RunAsync(stopping).ConfigureAwait(false);
        }
        catch (LogUnavailableException exception)
        {
            Log.Postponed(logger, exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The event log's maintenance has to wait: {Reason}")]
        public static partial void Postponed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "The event log's maintenance failed and is tried again at the next interval")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
