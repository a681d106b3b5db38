using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Groups;

/// <summary>
/// Spreads a group's partitions over its members: evenly by topic, and with as few moves as that allows
/// (the aim of Kafka's cooperative sticky assignor).
/// </summary>
internal static class PartitionAssignor
{
    public static Dictionary<PartitionState, GroupMembership> Assign(
        IReadOnlyList<GroupMembership> members, IReadOnlyDictionary<PartitionState, GroupMembership> owners)
    {
        var targets = new Dictionary<PartitionState, GroupMembership>();
        var load = members.ToDictionary(member => member, _ => 0);
        foreach (var topic in members.SelectMany(member => member.Topics).Distinct().OrderBy(topic => topic.Id))
        {
            AssignTopic(topic, [.. members.Where(member => member.Topics.Contains(topic))], owners, targets, load);
        }

        return targets;
    }

    private static void AssignTopic(
        TopicState topic,
        IReadOnlyList<GroupMembership> members,
        IReadOnlyDictionary<PartitionState, GroupMembership> owners,
        Dictionary<PartitionState, GroupMembership> targets,
        Dictionary<GroupMembership, int> load)
    {
        var (share, larger) = (topic.Partitions.Length / members.Count, topic.Partitions.Length % members.Count);
        var taken = members.ToDictionary(member => member, _ => 0);
        foreach (var partition in topic.Partitions)
        {
            if (owners.TryGetValue(partition, out var owner) && taken.ContainsKey(owner) && HasRoom(owner))
            {
                Give(partition, owner);
            }
        }

        foreach (var partition in topic.Partitions)
        {
            if (!targets.ContainsKey(partition))
            {
                Give(partition, members.Where(HasRoom).OrderBy(member => taken[member]).ThenBy(member => load[member]).First());
            }
        }

        bool HasRoom(GroupMembership member) => taken[member] < share || (taken[member] == share && larger > 0);

        void Give(PartitionState partition, GroupMembership member)
        {
            if (taken[member]++ == share)
            {
                larger--;
            }

            load[member]++;
            targets[partition] = member;
        }
    }
}
