using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Groups;

/// <summary>
/// Shares partitions among the members of a group. A partition has one owner at most: it is claimed only after its last
/// owner has let go of it, has left, or was evicted for not answering.
/// </summary>
internal sealed class ConsumerGroup(TimeProvider time, TimeSpan sessionTimeout) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<GroupMembership> _members = [];
    private readonly Dictionary<PartitionState, GroupMembership> _owners = [];
    private Dictionary<PartitionState, GroupMembership> _targets = [];
    private ITimer? _timer;

    public GroupMembership Join(IReadOnlyCollection<TopicState> topics, WakeSignal signal)
    {
        lock (_gate)
        {
            var member = new GroupMembership(topics, signal) { LastSeen = time.GetTimestamp() };
            _members.Add(member);
            Rebalance();
            return member;
        }
    }

    public void Leave(GroupMembership member)
    {
        lock (_gate)
        {
            Remove(member);
            Rebalance();
        }
    }

    /// <summary>What the member has to do next. Partitions to assign are its own from now on.</summary>
    public RebalanceStep Next(GroupMembership member)
    {
        lock (_gate)
        {
            if (member.IsEvicted)
            {
                return new RebalanceStep([], [], Evicted: true);
            }

            member.LastSeen = time.GetTimestamp();
            if (member.MustRevoke)
            {
                return new RebalanceStep([.. Strays(member)], [], Evicted: false);
            }

            var free = _targets.Where(target => target.Value == member && !_owners.ContainsKey(target.Key)).Select(target => target.Key).ToArray();
            foreach (var partition in free)
            {
                _owners.Add(partition, member);
            }

            return free.Length == 0 ? RebalanceStep.None : new RebalanceStep([], free, Evicted: false);
        }
    }

    /// <summary>The member has let go of these.</summary>
    public void Release(GroupMembership member, IReadOnlyList<PartitionState> partitions)
    {
        lock (_gate)
        {
            foreach (var partition in partitions.Where(partition => IsOwner(member, partition)))
            {
                _owners.Remove(partition);
                if (_targets.TryGetValue(partition, out var target))
                {
                    target.Signal.Set();
                }
            }

            member.MustRevoke = !member.IsEvicted && Strays(member).Any();
        }
    }

    public bool Owns(GroupMembership member, PartitionState partition)
    {
        lock (_gate)
        {
            return IsOwner(member, partition);
        }
    }

    private bool IsOwner(GroupMembership member, PartitionState partition) => _owners.TryGetValue(partition, out var owner) && owner == member;

    /// <summary>What a member owns and is to be another's.</summary>
    private IEnumerable<PartitionState> Strays(GroupMembership member) =>
        _owners.Where(owner => owner.Value == member && _targets.GetValueOrDefault(owner.Key) != member).Select(owner => owner.Key);

    private void Rebalance()
    {
        _targets = PartitionAssignor.Assign(_members, _owners);
        foreach (var member in _members)
        {
            var strays = Strays(member).Any();
            if (strays && !member.MustRevoke)
            {
                member.LastSeen = time.GetTimestamp();
            }

            member.MustRevoke = strays;
            member.Signal.Set();
        }

        if (_members.Exists(member => member.MustRevoke))
        {
            Watch(sessionTimeout);
        }
    }

    private void Watch(TimeSpan after)
    {
        _timer ??= time.CreateTimer(static group => ((ConsumerGroup)group!).EvictSilent(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Time goes on between the look at a member and this: what is due by now is due at once.
        _timer.Change(after > TimeSpan.Zero ? after : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void EvictSilent()
    {
        lock (_gate)
        {
            var silent = _members.Where(member => member.MustRevoke && Remaining(member) <= TimeSpan.Zero).ToList();
            foreach (var member in silent)
            {
                member.IsEvicted = true;
                member.MustRevoke = false;
                Remove(member);
                member.Signal.Set();
            }

            if (silent.Count > 0)
            {
                Rebalance();
            }

            var pending = _members.Where(member => member.MustRevoke).ToList();
            if (pending.Count > 0)
            {
                Watch(pending.Min(Remaining));
            }
        }
    }

    private TimeSpan Remaining(GroupMembership member) => sessionTimeout - time.GetElapsedTime(member.LastSeen);

    private void Remove(GroupMembership member)
    {
        _members.Remove(member);
        foreach (var partition in _owners.Where(owner => owner.Value == member).Select(owner => owner.Key).ToList())
        {
            _owners.Remove(partition);
        }
    }

    public void Dispose() => _timer?.Dispose();
}
