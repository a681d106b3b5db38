using Marketplace.EventLog.Contract;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>The Kafka engine on the run's secured cluster, as its administrator.</summary>
public sealed class KafkaHarness : LogHarness
{
    private KafkaCluster? _cluster;
    private KafkaEventLog? _log;

    public override IEventLog Log => _log!;

    public override TimeProvider Time => TimeProvider.System;

    public override bool CanMaintain => false;

    public override bool MaintainsAll => false;

    /// <summary>A broker measures the batch, not the record.</summary>
    public override int RecordOverhead => 100;

    public override int ModelRuns => 1;

    /// <summary>Three brokers on a machine that does other work beside: a commit is many round trips.</summary>
    public override TimeSpan Patience => TimeSpan.FromMinutes(8);

    public override async Task StartAsync()
    {
        _cluster = await SharedCluster.GetAsync();
        _log = SharedCluster.Open(_cluster, "admin");
    }

    public override async Task ReopenAsync()
    {
        await _log!.DisposeAsync();
        _log = SharedCluster.Open(_cluster!, "admin");
    }

    public override Task MaintainAsync()
    {
        Assert.Skip("Kafka cleans at its own pace.");
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }
    }
}
