using System.Collections.Concurrent;
using System.Text.Json;
using Marketplace.Testing;

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

    /// <summary>What was acknowledged stands where that was said, and what was sent under a key stands once.</summary>
    public void ShouldHoldFor(LogAudit audit, string where = "")
    {
        // Products that were not sent by the run's shops have no revision.
        var places = audit.Shop.Where(record => record.Text?.Contains("\"revision\"", StringComparison.Ordinal) == true)
            .ToLookup(record => JsonDocument.Parse(record.Value!).RootElement.GetProperty("revision").GetInt64(), record => (record.Partition, record.Offset));
        foreach (var (revision, place) in Acknowledged)
        {
            places[revision].ShouldContain(place, $"revision {revision} was acknowledged and is not there {where}");
        }

        foreach (var revision in Keyed.Keys)
        {
            places[revision].Count().ShouldBe(1, $"revision {revision} was sent under a key {where}");
        }
    }
}
