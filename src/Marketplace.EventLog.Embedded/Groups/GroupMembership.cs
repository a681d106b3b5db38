using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Groups;

/// <summary>One stay of a member in its group, from joining to leaving or eviction. Guarded by the group's lock.</summary>
internal sealed class GroupMembership(IReadOnlyCollection<TopicState> topics, WakeSignal signal)
{
    public IReadOnlyCollection<TopicState> Topics { get; } = topics;

    public WakeSignal Signal { get; } = signal;

    /// <summary>When the member was last heard of, or first asked to let go of something, whichever came later.</summary>
    public long LastSeen { get; set; }

    /// <summary>True while the member has been asked to let go of partitions and has not.</summary>
    public bool MustRevoke { get; set; }

    public bool IsEvicted { get; set; }
}

/// <summary>What a member has to do next: one of the lists has something, or nothing is to be done.</summary>
internal readonly record struct RebalanceStep(IReadOnlyList<PartitionState> Revoke, IReadOnlyList<PartitionState> Assign, bool Evicted)
{
    public static RebalanceStep None { get; } = new([], [], false);
}
