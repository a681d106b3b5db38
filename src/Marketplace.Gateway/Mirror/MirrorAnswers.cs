using System.ComponentModel.DataAnnotations;
using Marketplace.Mirror;

namespace Marketplace.Gateway.Mirror;

/// <summary>The answer of <c>GET /mirror</c>.</summary>
/// <param name="Conflicts">Active–active: keys that both clusters wrote, as far as was noticed.</param>
public sealed record MirrorAnswer(
    [property: AllowedValues("starting", "running", "waiting", "fenced", "promoted", "failed", "stopped")] string State, string? Reason, string Source, string Target, long LagRecords, double LagSeconds,
    IReadOnlyList<MirrorTopicAnswer> Topics, IReadOnlyList<MirrorGroupAnswer> Groups, long Conflicts, string? LastConflict)
{
    public static MirrorAnswer Of(MirrorStatus status) => new(
        Words.Of(status.Phase), status.Reason, status.Source, status.Target,
        status.Topics.Sum(topic => topic.LagRecords), status.Topics.Count == 0 ? 0 : status.Topics.Max(topic => topic.LagSeconds),
        [.. status.Topics.Select(topic => new MirrorTopicAnswer(
            topic.Topic, Words.Of(topic.State), topic.Reason, topic.LagRecords, topic.LagSeconds, [.. topic.Partitions.Select(MirrorPartitionAnswer.Of)]))],
        [.. status.Groups.Select(group => new MirrorGroupAnswer(group.Group, group.InStep))],
        status.Conflicts, status.LastConflict);
}

/// <param name="State"><c>running</c>, or why it has stopped: <c>recreated</c>, <c>truncated</c>, <c>expired</c>, <c>stale</c>, <c>foreign</c>, <c>missing</c>, <c>refused</c>, <c>promoted</c>.</param>
public sealed record MirrorTopicAnswer(string Topic, string State, string? Reason, long LagRecords, double LagSeconds, IReadOnlyList<MirrorPartitionAnswer> Partitions);

/// <param name="Position">The source is copied up to here.</param>
public sealed record MirrorPartitionAnswer(int Partition, string State, string? Reason, long Position, long SourceEnd, long LagRecords, double LagSeconds, long Copied, long LeftOut)
{
    public static MirrorPartitionAnswer Of(PartitionStatus partition) => new(
        partition.Partition.Partition, Words.Of(partition.State), partition.Reason, partition.Position, partition.SourceEnd, partition.LagRecords, partition.LagSeconds, partition.Copied, partition.LeftOut);
}

/// <param name="InStep">The group's positions on the target are the translation of those on the source.</param>
public sealed record MirrorGroupAnswer(string Group, bool InStep);

/// <summary>The answer of <c>POST /mirror/verify</c>.</summary>
public sealed record MirrorVerificationAnswer(bool Equal, IReadOnlyList<VerifiedPartitionAnswer> Partitions)
{
    public static MirrorVerificationAnswer Of(VerificationReport report) => new(report.IsEqual, [.. report.Partitions.Select(partition => new VerifiedPartitionAnswer(
        partition.Partition.Topic, partition.Partition.Partition, partition.UpTo, partition.IsEqual,
        new SideAnswer(partition.Source.Records, partition.Source.Digest), new SideAnswer(partition.Target.Records, partition.Target.Digest),
        partition.Difference, partition.DifferenceOffset))]);
}

/// <param name="UpTo">The source's offset up to which both sides were compared.</param>
/// <param name="Difference">The first, in words.</param>
public sealed record VerifiedPartitionAnswer(string Topic, int Partition, long UpTo, bool Equal, SideAnswer Source, SideAnswer Target, string? Difference, long? DifferenceOffset);

/// <param name="Records">All records of a topic, or the latest of each key of a compacted one.</param>
public sealed record SideAnswer(long Records, string Digest);

/// <summary>The answer of <c>POST /mirror/promote</c>.</summary>
/// <param name="Obstacles">What would be, or is, lost.</param>
/// <param name="Settings">With these a gateway serves from the target.</param>
public sealed record PromotionAnswer(
    bool Promoted, IReadOnlyList<string> Obstacles, IReadOnlyList<PromotedPartitionAnswer> Partitions, IReadOnlyList<MirrorGroupAnswer> Groups, IReadOnlyList<string> Settings)
{
    public static PromotionAnswer Of(PromotionReport report, MirrorSettings settings) => new(
        report.IsPromoted, report.Obstacles,
        [.. report.Partitions.Select(partition => new PromotedPartitionAnswer(
            partition.Partition.Topic, partition.Partition.Partition, partition.SourcePosition, partition.LagRecords, partition.TargetEnd))],
        [.. report.Groups.Select(group => new MirrorGroupAnswer(group.Group, group.InStep))],
        [.. settings.ToSwitch()]);
}

/// <param name="SourcePosition">The known point: all of the source before it is copied.</param>
public sealed record PromotedPartitionAnswer(string Topic, int Partition, long SourcePosition, long LagRecords, long TargetEnd);

/// <summary>The answer of <c>POST /mirror/resume</c>.</summary>
public sealed record ResumedAnswer(string Topic, IReadOnlyList<MirrorPartitionAnswer> Partitions);

/// <summary>States as they are written.</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
