using System.Diagnostics;
using Marketplace.Gateway.Hosting;

namespace Marketplace.Gateway.ReadModels;

/// <summary>A model whose state can be kept on the disk, so that a start need not read the whole log.</summary>
public interface ISnapshotted
{
    string Name { get; }

    /// <summary>Records applied since the last snapshot.</summary>
    long Unsaved { get; }

    void Save();
}

/// <summary>
/// Saves models when much has changed and once a day, at a lower priority, and when the gateway stops. Registered before what feeds the models, so that it is
/// stopped after it.
/// </summary>
internal sealed partial class SnapshotService(IEnumerable<ISnapshotted> models, TimeProvider time, ILogger<SnapshotService> logger) : BackgroundService
{
    /// <summary>What is read again after a crash in some ten seconds.</summary>
    private const long MaxUnsaved = 500_000;

    /// <summary>What is read again at a start in less time than a snapshot takes.</summary>
    private const long WorthSaving = 20_000;

    /// <summary>A snapshot is no good after seven days, and of a topic with a retention it may hold what the log does not any more.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(models.Where(model => model.Unsaved >= WorthSaving).Select(model => Task.Run(() => Save(model), CancellationToken.None)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var lane = new BackgroundLane("snapshots", threads: 1);
        await lane.RunAsync(() => SaveWhenDueAsync(stoppingToken), stoppingToken);
    }

    private async Task SaveWhenDueAsync(CancellationToken stoppingToken)
    {
        var tried = models.ToDictionary(model => model, _ => time.GetTimestamp());
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var model in models.Where(model => model.Unsaved >= MaxUnsaved || time.GetElapsedTime(tried[model]) >= MaxAge))
            {
                Save(model);
                tried[model] = time.GetTimestamp();
            }
        }
    }

    private void Save(ISnapshotted model)
    {
        var started = Stopwatch.GetTimestamp();
        var records = model.Unsaved;
        try
        {
            model.Save();
            Log.Saved(logger, model.Name, records, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The log has everything; the next start takes longer.
            Log.NotSaved(logger, e, model.Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Snapshot of {Model} saved after {Records} records, in {Seconds:0.00} s")]
        public static partial void Saved(ILogger logger, string model, long records, double seconds);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No snapshot of {Model} could be saved")]
        public static partial void NotSaved(ILogger logger, Exception exception, string model);
    }
}
