using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>
/// Gateways on the run's cluster, in the test's own process. They share the topics and the filter's group, so there is one
/// at a time: the class's own stops when a test starts another, and is started anew, on empty topics, for the test after it.
/// </summary>
public sealed class KafkaGateway() : GatewayFixture(onKestrel: false)
{
    private TestGateway? _shared;

    /// <summary>Started when a test asks for it: a fixture that has nothing to run on would fail the tests instead of skipping them.</summary>
    public override TestGateway Gateway
    {
        get
        {
            Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
            return _shared ??= Task.Run(() => StartAsync()).GetAwaiter().GetResult();
        }
    }

    public override ValueTask InitializeAsync() => default;

    public override async ValueTask DisposeAsync()
    {
        await StopSharedAsync();
        await base.DisposeAsync();
    }

    protected override async ValueTask<TestEngine> OpenEngineAsync()
    {
        await StopSharedAsync();
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, TestContext.Current.CancellationToken);
        return new KafkaEngine(cluster);
    }

    private async Task StopSharedAsync()
    {
        if (Interlocked.Exchange(ref _shared, null) is { } shared)
        {
            await shared.DisposeAsync();
        }
    }
}

internal sealed class KafkaEngine(KafkaCluster cluster) : TestEngine
{
    public override IEnumerable<string> Settings => [.. GatewayOnKafka.Settings(cluster), "Sink:Enabled=true"];
}
