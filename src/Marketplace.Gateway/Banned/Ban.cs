namespace Marketplace.Gateway.Banned;

/// <summary>A ban as the list holds it.</summary>
/// <param name="Name">What the ban is called in verdicts: the product's id, or a rule's key.</param>
/// <param name="ExpiresAt">Milliseconds since the Unix epoch; from this instant on it is not in force. Null: for good.</param>
public sealed record Ban(string Name, string? Reason, long? ExpiresAt)
{
    public bool IsInForce(long instant) => ExpiresAt is not { } end || instant < end;
}
