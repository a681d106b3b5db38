namespace Marketplace.Gateway.Idempotency;

/// <summary>Endpoint metadata: a write that may carry <c>Idempotency-Key</c>.</summary>
public sealed record IdempotentMetadata
{
    private IdempotentMetadata()
    {
    }

    public static IdempotentMetadata Instance { get; } = new();
}
