using System.Collections.Concurrent;

namespace Marketplace.Crash.Tests;

/// <summary>What the clients of a crash run sent and what they were told.</summary>
public sealed class Ledger
{
    private long _revision;

    /// <summary>Revisions that were acknowledged, and where they were said to stand.</summary>
    public ConcurrentDictionary<long, (int Partition, long Offset)> Acknowledged { get; } = new();

    /// <summary>Revisions sent under an idempotency key and finally acknowledged: they stand in the log once, however often they were sent.</summary>
    public ConcurrentDictionary<long, byte> Keyed { get; } = new();

    /// <summary>Revisions whose connection broke before an answer: in the log or not.</summary>
    public ConcurrentDictionary<long, byte> Unknown { get; } = new();

    /// <summary>Clients' events that were acknowledged, by id: their type. Each was sent until it was.</summary>
    public ConcurrentDictionary<string, string> Events { get; } = new();

    public long EventsResent;
    public long Bans;
    public long Resent;

    public long NextRevision() => Interlocked.Increment(ref _revision);
}
