using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>What each topic is to be like: the contract's table, and the idempotency keys.</summary>
public static class TopicCatalog
{
    public static readonly TimeSpan IdempotencyRetention = TimeSpan.FromHours(24);

    /// <summary>The topics may forget tombstones after this: who has not read since then would never hear of them, and reads anew or stops.</summary>
    public static readonly TimeSpan TombstoneRetention = TimeSpan.FromDays(7);

    private const int DeadLetterBytes = 4 * 1024 * 1024;

    /// <param name="partitions">Partitions of the topics that are split by key.</param>
    /// <param name="clientRetention">How long what clients did and searched is kept; null: for good.</param>
    public static IReadOnlyList<TopicSpec> For(int partitions, TimeSpan? clientRetention = null) =>
    [
        // A withdrawal's tombstone stays as long as any other: after it nothing of the product is left to be found.
        new TopicSpec(TopicNames.ShopProducts, partitions) { Compaction = new Compaction(TombstoneRetention, TombstoneRetention) },
        new TopicSpec(TopicNames.FilteredProducts, partitions) { Compaction = new Compaction(TombstoneRetention, TombstoneRetention) },
        new TopicSpec(TopicNames.BannedProducts, 1) { Compaction = new Compaction(TombstoneRetention, TombstoneRetention) },
        new TopicSpec(TopicNames.FilterProgress, 1) { Compaction = new Compaction(TimeSpan.Zero, TimeSpan.FromDays(1)) },
        new TopicSpec(TopicNames.FilterDecisions, partitions) { RetentionTime = TimeSpan.FromDays(30) },
        new TopicSpec(TopicNames.ClientEvents, partitions) { RetentionTime = clientRetention },
        new TopicSpec(TopicNames.ClientQueries, partitions) { RetentionTime = clientRetention },
        new TopicSpec(TopicNames.DeadLetters, 1) { RetentionTime = TimeSpan.FromDays(30), MaxMessageBytes = DeadLetterBytes },
        new TopicSpec(TopicNames.IdempotencyKeys, 1) { RetentionTime = IdempotencyRetention, MaxMessageBytes = DeadLetterBytes },
    ];
}
