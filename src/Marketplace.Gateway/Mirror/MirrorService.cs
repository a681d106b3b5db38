using Marketplace.EventLog;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Kafka;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Telemetry;
using Marketplace.Mirror;

namespace Marketplace.Gateway.Mirror;

/// <summary>Runs the mirror beside the gateway, at a lower priority. Clients are served whether or not it can run.</summary>
/// <param name="kafka">The gateway's own cluster, of which the mirror reads as a principal of its own; null where the log is embedded.</param>
public sealed partial class MirrorService(
    IEventLog log, MirrorSettings settings, KafkaSettings? kafka, FreshnessMetrics freshness, TimeProvider time, ILoggerFactory logging, ILogger<MirrorService> logger) : BackgroundService, IReadinessPart
{
    private LogMirror? _mirror;
    private volatile string? _trouble;

    public string Name => "mirror";

    /// <summary>A mirror that is behind or has stopped does not keep clients from being served; the reason is shown all the same.</summary>
    public Readiness Readiness => new(true, Reason());

    /// <exception cref="NotReadyException">The target could not be opened yet.</exception>
    public LogMirror Mirror => Volatile.Read(ref _mirror) ?? throw new NotReadyException($"The mirror's target is not open yet{(_trouble is { } trouble ? $": {trouble}" : "")}.");

    /// <summary>How far a partition is mirrored, or null.</summary>
    public long? PositionOf(TopicPartition partition) => Volatile.Read(ref _mirror)?.PositionOf(partition);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var lane = new BackgroundLane("mirror", threads: 1);
        try
        {
            await lane.RunAsync(() => RunAsync(stoppingToken), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        if (await OpenTargetAsync(stop) is not { } target)
        {
            return;
        }

        await using (target)
        {
            var source = kafka is null ? null : MirrorTarget.OpenKafka(kafka, time, logging);
            using var mirror = new LogMirror(source ?? log, target, settings.Options, time, logging.CreateLogger<LogMirror>(), () => new MirrorFreshness(freshness));
            Volatile.Write(ref _mirror, mirror);
            try
            {
                await mirror.RunAsync(stop);
            }
            finally
            {
                Volatile.Write(ref _mirror, null);
                if (source is not null)
                {
                    await source.DisposeAsync();
                }
            }
        }
    }

    private async Task<IEventLog?> OpenTargetAsync(CancellationToken stop)
    {
        for (var attempt = 0; !stop.IsCancellationRequested; attempt++)
        {
            try
            {
                return await MirrorTarget.OpenAsync(settings, time, logging, stop);
            }
            catch (Exception e) when (e is EventLogException or IOException or UnauthorizedAccessException)
            {
                _trouble = e.Message;
                Log.NotOpened(logger, e.Message);
                await Task.Delay(Backoff.Delay(attempt), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }
        }

        return null;
    }

    private string Reason()
    {
        if (Volatile.Read(ref _mirror) is not { } mirror)
        {
            return _trouble is { } trouble ? $"cannot open its target ({trouble}); tries again" : "opens its target";
        }

        var status = mirror.Status;
        if (status.Reason is { } reason)
        {
            return reason;
        }

        var stopped = status.Topics.FirstOrDefault(topic => topic.State != MirrorState.Running);
        return stopped is not null ? $"{stopped.Topic} has stopped: {stopped.Reason}"
            : $"{status.Source} → {status.Target}, {status.Topics.Sum(topic => topic.LagRecords)} records behind";
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The mirror's target cannot be opened now ({Reason}); trying again")]
        public static partial void NotOpened(ILogger logger, string reason);
    }
}
