using Marketplace.EventLog;

namespace Marketplace.Mirror;

/// <summary>The mirror as it stands at a moment.</summary>
/// <param name="Reason">Why it does not run, or null.</param>
/// <param name="Groups">Groups whose positions are kept in step.</param>
/// <param name="Conflicts">Keys of compacted topics that both clusters wrote, as far as was noticed; active–active only.</param>
/// <param name="LastConflict">The latest of them.</param>
public sealed record MirrorStatus(
    MirrorPhase Phase, string? Reason, string Source, string Target, IReadOnlyList<TopicStatus> Topics, IReadOnlyList<GroupStatus> Groups, long Conflicts, string? LastConflict)
{
    /// <summary>All of the source's records are copied, and nothing is stopped.</summary>
    public bool IsCaughtUp => Phase == MirrorPhase.Running && Topics.All(topic => topic.LagRecords == 0 && topic.State == MirrorState.Running);
}

/// <summary>A topic: the worst of its partitions.</summary>
public sealed record TopicStatus(string Topic, MirrorState State, string? Reason, long LagRecords, double LagSeconds, IReadOnlyList<PartitionStatus> Partitions);

/// <param name="Position">The source is copied up to here.</param>
/// <param name="SourceEnd">The source's end as last seen.</param>
/// <param name="LagRecords">Offsets between the two; where compaction and markers took offsets, fewer records.</param>
/// <param name="LagSeconds">The age of what is missing on the target.</param>
/// <param name="Copied">Records copied by this process.</param>
/// <param name="LeftOut">Offsets of the source that were passed over when the copying was made to go on behind them; the copy lacks them for good.</param>
public sealed record PartitionStatus(
    TopicPartition Partition, MirrorState State, string? Reason, long Position, long SourceEnd, long LagRecords, double LagSeconds, long Copied, long LeftOut);

/// <param name="InStep">The group's position on the target is the translation of the one on the source, in every partition.</param>
public sealed record GroupStatus(string Group, bool InStep);
