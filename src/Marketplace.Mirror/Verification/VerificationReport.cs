using Marketplace.EventLog;

namespace Marketplace.Mirror;

/// <summary>Both sides compared, partition by partition.</summary>
public sealed record VerificationReport(bool IsEqual, IReadOnlyList<PartitionVerification> Partitions);

/// <param name="UpTo">The source's offset up to which both sides are compared: what was copied when it began.</param>
/// <param name="Difference">The first, in words; null when both sides are the same.</param>
/// <param name="DifferenceOffset">Where in the source.</param>
public sealed record PartitionVerification(TopicPartition Partition, long UpTo, SideDigest Source, SideDigest Target, string? Difference, long? DifferenceOffset)
{
    public bool IsEqual => Difference is null;
}

/// <param name="Records">Records that count: all of a topic, or the latest of each key of a compacted one.</param>
/// <param name="Digest">SHA-256 over timestamps, keys, values and headers in their order; of a compacted topic the records' digests combined in no order.</param>
public sealed record SideDigest(long Records, string Digest);
