namespace Marketplace.Gateway.Hosting.Health;

/// <summary>A part of the gateway that can be not ready yet. Registered as a service; asked at every <c>/health/ready</c>.</summary>
public interface IReadinessPart
{
    string Name { get; }

    Readiness Readiness { get; }
}

/// <param name="Reason">In a few words for an operator, also when ready.</param>
public readonly record struct Readiness(bool IsReady, string Reason);
