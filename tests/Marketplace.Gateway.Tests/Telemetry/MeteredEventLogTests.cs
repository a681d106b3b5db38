using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;

namespace Marketplace.Gateway.Tests.Telemetry;

/// <summary>A log that can be read and takes no appends is told of.</summary>
public sealed class MeteredEventLogTests
{
    [Fact]
    public async Task Appends_that_the_log_cannot_take_are_counted_from_zero()
    {
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var counted = new List<long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "marketplace.eventlog.append.failures" && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => counted.Add(value));
        listener.Start();

        var health = new AppendHealth();
        var log = new MeteredEventLog(new FailingLog { Fault = (_, _) => new LogUnavailableException("The disk is full.") }.Over(null!), meters, health);
        counted.ShouldBe([0]);
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync("t", new LogRecord(), CancellationToken.None));
        await Should.ThrowAsync<LogUnavailableException>(async () => await log.AppendAsync("t", new LogRecord[] { default }, CancellationToken.None));
        counted.ShouldBe([0, 1, 1]);
        health.Refusal.ShouldBe("The disk is full.");
    }
}
