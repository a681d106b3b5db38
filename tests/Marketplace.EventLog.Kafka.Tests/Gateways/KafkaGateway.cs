using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.DependencyInjection;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>Gateways on the run's cluster, in the test's own process; one at a time, since they share the topics.</summary>
public sealed class KafkaGateway() : GatewayFixture(onKestrel: false)
{
    protected override async ValueTask<TestEngine> OpenEngineAsync()
    {
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, TestContext.Current.CancellationToken);
        return new KafkaEngine(cluster);
    }
}

internal sealed class KafkaEngine(KafkaCluster cluster) : TestEngine
{
    public override IEnumerable<string> Settings => [.. GatewayOnKafka.Settings(cluster), "Sink:Enabled=true"];

    public override Task ReleasedAsync() => Task.CompletedTask;
}
