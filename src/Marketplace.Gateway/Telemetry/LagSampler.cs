using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Health;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Looks at the ends of the partitions that are read, now and then, and so knows whether the event log answers.</summary>
internal sealed class LagSampler : BackgroundService, IReadinessPart
{
    /// <summary>A third of what Prometheus usually waits between two scrapes.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IEventLog _log;
    private readonly ConsumerLag _lag;
    private readonly AppendHealth _appends;
    private readonly TimeProvider _time;
    private volatile string? _trouble;

    public LagSampler(IEventLog log, ConsumerLag lag, AppendHealth appends, TimeProvider time, IMeterFactory meters)
    {
        (_log, _lag, _appends, _time) = (log, lag, appends, time);
        meters.Create(ConsumerLag.MeterName).CreateObservableGauge(
            "marketplace.eventlog.reachable", () => _trouble is null ? 1 : 0, null, "1 while the event log answers, 0 while it does not.");
    }

    public string Name => "event-log";

    /// <summary>A log that does not answer or takes no writes keeps clients from nothing that is known already; the reason is shown all the same.</summary>
    public Readiness Readiness => new(true, (_trouble, _appends.Refusal) switch
    {
        ({ } trouble, _) => $"does not answer: {trouble}",
        (_, { } refusal) => $"answers, but did not take the last write: {refusal}",
        _ => "answers",
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Looks once at each partition.</summary>
    internal async Task LookAsync(CancellationToken stoppingToken)
    {
        // One partition that waits for a new leader is not a log that is away, and must not keep the others from being looked at.
        var troubles = await Task.WhenAll(_lag.Read.Select(partition => LookAsync(partition, stoppingToken)));
        _trouble = troubles.Contains(null) ? null : troubles.FirstOrDefault();
    }

    /// <returns>Why the partition could not be looked at; null: it was.</returns>
    private async Task<string?> LookAsync(TopicPartition partition, CancellationToken stoppingToken)
    {
        try
        {
            var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
            _lag.Ends(partition, (await _log.GetRangeAsync(partition, stoppingToken)).End, at);
            return null;
        }
        catch (EventLogException e)
        {
            return e.Message;
        }
    }
}
