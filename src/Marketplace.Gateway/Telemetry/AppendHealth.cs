namespace Marketplace.Gateway.Telemetry;

/// <summary>Whether the log took the last append that was tried: a log that can be read may still refuse writes.</summary>
public sealed class AppendHealth
{
    private volatile string? _refusal;

    /// <summary>Why the last append was not taken; null when it was, or none has been tried.</summary>
    public string? Refusal => _refusal;

    public void Refused(string reason) => _refusal = reason;

    public void Taken()
    {
        // A write of every append would take the cache line from all the others.
        if (_refusal is not null)
        {
            _refusal = null;
        }
    }
}
