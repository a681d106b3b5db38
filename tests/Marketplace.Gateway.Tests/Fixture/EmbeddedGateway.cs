namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Gateways on the embedded log, in the test's own process and without a network.</summary>
public sealed class EmbeddedGateway() : GatewayFixture(onKestrel: false)
{
    protected override ValueTask<TestEngine> OpenEngineAsync() => new(new EmbeddedEngine());
}

/// <summary>Gateways on the embedded log behind a real server on a free port.</summary>
public sealed class EmbeddedKestrelGateway() : GatewayFixture(onKestrel: true)
{
    protected override ValueTask<TestEngine> OpenEngineAsync() => new(new EmbeddedEngine());
}

internal sealed class EmbeddedEngine : TestEngine
{
    public override IEnumerable<string> Settings => ["EventLog:Provider=Embedded"];
}
