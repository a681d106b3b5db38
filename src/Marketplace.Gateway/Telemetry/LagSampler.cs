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
    private readonly TimeProvider _time;
    private volatile string? _trouble;

    public LagSampler(IEventLog log, ConsumerLag lag, TimeProvider time, IMeterFactory meters)
    {
        (_log, _lag, _time) = (log, lag, time);
        meters.Create(ConsumerLag.MeterName).CreateObservableGauge(
            "marketplace.eventlog.reachable", () => _trouble is null ? 1 : 0, null, "1 while the event log answers, 0 while it does not.");
    }

    public string Name => "event-log";

    /// <summary>A log that does not answer now keeps clients from nothing that is known already; the reason is shown all the same.</summary>
    public Readiness Readiness => new(true, _trouble is { } trouble ? $"does not answer: {trouble}" : "answers");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            await LookAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var partition in _lag.Read)
            {
                var at = _time.GetUtcNow().ToUnixTimeMilliseconds();
                _lag.Ends(partition, (await _log.GetRangeAsync(partition, stoppingToken)).End, at);
            }

            _trouble = null;
        }
        catch (EventLogException e)
        {
            _trouble = e.Message;
        }
    }
}
