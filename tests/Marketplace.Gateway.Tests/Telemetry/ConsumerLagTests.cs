using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Telemetry;

/// <summary>How far a consumer is behind, by what it has told and by the looks at the partition's end.</summary>
public sealed class ConsumerLagTests : IDisposable
{
    private const string Group = "search";
    private static readonly TopicPartition Partition = new("filtered-products", 0);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _seen = [];
    private readonly ConsumerLag _lag;

    public ConsumerLagTests()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _seen[instrument.Name] = value);
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _seen[instrument.Name] = value);
        _listener.Start();
        _lag = new ConsumerLag(meters, _time);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public void Who_has_processed_all_is_not_behind_however_long_nothing_came()
    {
        _lag.Assigned(Group, Partition, 0);
        _lag.Ends(Partition, 10, Now);
        _lag.Reached(Group, Partition, 10, Now);
        _time.Advance(TimeSpan.FromHours(1));
        Lag().ShouldBe((0, 0, 1));
    }

    [Fact]
    public void After_an_idle_hour_a_new_record_is_as_old_as_the_last_look_without_it()
    {
        _lag.Assigned(Group, Partition, 0);
        _lag.Ends(Partition, 10, Now);
        _lag.Reached(Group, Partition, 10, Now);
        _time.Advance(TimeSpan.FromHours(1));
        _lag.Ends(Partition, 10, Now);
        _time.Advance(TimeSpan.FromSeconds(5));
        _lag.Ends(Partition, 13, Now);
        Lag().ShouldBe((3, 5, 1));
    }

    [Fact]
    public void Who_comes_forward_is_as_far_behind_as_the_record_it_has_come_to()
    {
        var began = Now;
        _lag.Assigned(Group, Partition, 0);
        _time.Advance(TimeSpan.FromMinutes(10));
        _lag.Ends(Partition, 1000, Now);
        Lag().ShouldBe((1000, 600, 1));
        _lag.Reached(Group, Partition, 400, began + 240_000);
        Lag().ShouldBe((600, 360, 1));
        _lag.Reached(Group, Partition, 1000, Now);
        Lag().ShouldBe((0, 0, 1));
    }

    [Fact]
    public void A_partition_that_another_has_taken_is_not_told_of_any_more()
    {
        _lag.Assigned(Group, Partition, 0);
        _lag.Ends(Partition, 1, Now);
        _lag.Revoked(Group, Partition);
        _lag.Reached(Group, Partition, 1, Now);
        Lag().ShouldBe((null, null, null));
    }

    public void Dispose() => _listener.Dispose();

    private (double? Records, double? Seconds, double? Partitions) Lag()
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return (Seen("marketplace.consumer.lag.records"), Seen("marketplace.consumer.lag"), Seen("marketplace.consumer.partitions"));

        double? Seen(string name) => _seen.TryGetValue(name, out var value) ? value : null;
    }
}
