using Marketplace.EventLog;

namespace Marketplace.Mirror;

/// <summary>What a take-over comes to, or has come to.</summary>
/// <param name="IsPromoted">False for a dry run and for a refusal.</param>
/// <param name="Obstacles">Why it would lose something; empty when nothing stands in the way.</param>
/// <param name="Partitions">The known point at which the mirror has stopped, or stands now.</param>
public sealed record PromotionReport(bool IsPromoted, IReadOnlyList<string> Obstacles, IReadOnlyList<PromotedPartition> Partitions, IReadOnlyList<GroupStatus> Groups);

/// <param name="SourcePosition">All of the source before this is copied.</param>
/// <param name="LagRecords">What is not.</param>
/// <param name="TargetEnd">Where the copy ends.</param>
public sealed record PromotedPartition(TopicPartition Partition, long SourcePosition, long LagRecords, long TargetEnd);
