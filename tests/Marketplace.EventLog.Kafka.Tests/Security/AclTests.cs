using Marketplace.EventLog.Kafka.Tests.Gateways;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>
/// Each principal tries everything on every topic, group and transactional id of the table: what a row grants works, all
/// else is refused. So a row that is missing, or one too many, breaks the test.
/// </summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class AclTests
{
    [Fact]
    public async Task A_principal_can_do_what_the_table_grants_and_nothing_else()
    {
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, TestContext.Current.CancellationToken);
        var wrong = await Task.WhenAll(AclTable.Principals.Select(principal => Task.Run(() => WrongAsync(cluster, principal))));
        wrong.SelectMany(lines => lines).ShouldBeEmpty();
    }

    /// <summary>What is not as the table says.</summary>
    private static async Task<IReadOnlyList<string>> WrongAsync(KafkaCluster cluster, string principal)
    {
        var wrong = new List<string>();
        var tries = new AclTries(cluster, principal);
        var topics = AclTable.NamesOf("topic");
        Compare("topic", "Write", await tries.WriteAsync(topics));
        Compare("topic", "Read", tries.Read(topics, topic => AclTable.Allows(principal, "topic", topic, "Read")));
        Compare("topic", "DescribeConfigs", await tries.DescribeConfigsAsync(topics));

        var readable = topics.FirstOrDefault(topic => AclTable.Allows(principal, "topic", topic, "Read"));
        foreach (var group in AclTable.NamesOf("group"))
        {
            var isSeen = await tries.DescribeGroupAsync(group);
            Compare("group", "Describe", new() { [group] = isSeen });

            // Describe comes with Read, so a group that is not seen cannot be read either.
            Compare("group", "Read", new() { [group] = isSeen && readable is not null && tries.ReadGroup(group, readable, AclTable.Allows(principal, "group", group, "Read")) });
        }

        Compare("transactional-id", "Write", AclTable.NamesOf("transactional-id").ToDictionary(id => id, id => tries.OpenTransactions(id.EndsWith('-') ? $"{id}try" : id)));
        if (topics.FirstOrDefault(topic => AclTable.Allows(principal, "topic", topic, "Describe")) is { } seen)
        {
            wrong.AddRange((await tries.AdministerAsync(seen)).Select(what => $"{principal} can {what}"));
        }

        return wrong;

        void Compare(string resource, string operation, Dictionary<string, bool> worked) => wrong.AddRange(worked
            .Where(result => result.Value != AclTable.Allows(principal, resource, result.Key, operation))
            .Select(result => $"{principal} {operation} {resource} {result.Key}: {(result.Value ? "works" : "refused")}"));
    }
}
