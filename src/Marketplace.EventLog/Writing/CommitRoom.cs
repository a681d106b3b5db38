namespace Marketplace.EventLog;

/// <summary>
/// How large a stream's next commit may be: what comes through in a second at the pace of the last, within the limits. On a slow
/// log a larger one would be given up after its time, and tried again as large as it is.
/// </summary>
/// <param name="maxBytes">No commit is larger.</param>
public sealed class CommitRoom(long maxBytes)
{
    /// <summary>Before it is known how fast commits are, and on the slowest log.</summary>
    private const long FirstBytes = 4 * 1024 * 1024;

    public long Bytes { get; private set; } = Math.Min(FirstBytes, maxBytes);

    /// <summary>A commit of so much has taken so long.</summary>
    public void See(long bytes, TimeSpan elapsed) =>
        Bytes = (long)Math.Clamp(Math.Max(bytes, 1) / elapsed.TotalSeconds, Math.Min(FirstBytes, maxBytes), maxBytes);
}
