using System.Diagnostics.Metrics;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Ingestion;

/// <summary>What became of the records that were sent, by the topic they are for.</summary>
internal sealed class IngestionMetrics
{
    private static readonly KeyValuePair<string, object?> AcceptedTag = new("outcome", "accepted");
    private static readonly KeyValuePair<string, object?> DuplicateTag = new("outcome", "duplicate");
    private static readonly KeyValuePair<string, object?> RejectedTag = new("outcome", "rejected");

    private readonly Counter<long> _records;

    public IngestionMetrics(IMeterFactory meters)
    {
        _records = meters.Create("Marketplace.Ingestion").CreateCounter<long>("marketplace.ingestion.records", "{record}", "Records sent over HTTP, by what became of them.");

        // A counter that is not there before its first event hides that event from whoever looks for growth.
        foreach (var topic in new[] { TopicNames.ShopProducts, TopicNames.ClientEvents })
        {
            _records.Add(0, new KeyValuePair<string, object?>("topic", topic), AcceptedTag);
            _records.Add(0, new KeyValuePair<string, object?>("topic", topic), DuplicateTag);
            _records.Add(0, new KeyValuePair<string, object?>("topic", topic), RejectedTag);
        }
    }

    public void Accepted(RecordKind kind) => _records.Add(1, Topic(kind), AcceptedTag);

    public void Rejected(RecordKind kind) => _records.Add(1, Topic(kind), RejectedTag);

    public void Counted(RecordKind kind, in IngestionCounts counts)
    {
        Add(kind, counts.Accepted, AcceptedTag);
        Add(kind, counts.Duplicates, DuplicateTag);
        Add(kind, counts.Rejected, RejectedTag);
    }

    private void Add(RecordKind kind, long count, KeyValuePair<string, object?> outcome)
    {
        if (count > 0)
        {
            _records.Add(count, Topic(kind), outcome);
        }
    }

    private static KeyValuePair<string, object?> Topic(RecordKind kind) => new("topic", kind.Topic);
}

internal readonly record struct IngestionCounts(long Accepted, long Duplicates, long Rejected)
{
    /// <summary>Of one record that was not refused.</summary>
    public static IngestionCounts Of(in IngestionResult result) => result.IsDuplicate ? new(0, 1, 0) : new(1, 0, 0);

    public static IngestionCounts operator -(IngestionCounts left, IngestionCounts right) =>
        new(left.Accepted - right.Accepted, left.Duplicates - right.Duplicates, left.Rejected - right.Rejected);
}
