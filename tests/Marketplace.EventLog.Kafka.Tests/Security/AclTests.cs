using Marketplace.EventLog.Kafka.Tests.Gateways;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>
/// Each principal tries everything on every topic, group and transactional id of the table: what a row grants works, all
/// else is refused. So a row that is missing, or one too many, breaks a test.
/// </summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class AclTests
{
    public static TheoryData<string> Principals => [.. AclTable.Principals];

    [Theory]
    [MemberData(nameof(Principals))]
    public async Task A_principal_can_do_what_the_table_grants_and_nothing_else(string principal)
    {
        var tries = new AclTries(await SharedCluster.GetAsync(), principal);
        var topics = AclTable.NamesOf("topic");
        ShouldBeAsGranted("Write", await tries.WriteAsync(topics));
        ShouldBeAsGranted("Read", tries.Read(topics));
        ShouldBeAsGranted("DescribeConfigs", await tries.DescribeConfigsAsync(topics));

        var readable = topics.FirstOrDefault(topic => AclTable.Allows(principal, "topic", topic, "Read"));
        foreach (var group in AclTable.NamesOf("group"))
        {
            (await tries.DescribeGroupAsync(group)).ShouldBe(AclTable.Allows(principal, "group", group, "Describe"), $"{principal} Describe group {group}");
            if (readable is not null)
            {
                tries.ReadGroup(group, readable).ShouldBe(AclTable.Allows(principal, "group", group, "Read"), $"{principal} Read group {group}");
            }
        }

        foreach (var id in AclTable.NamesOf("transactional-id"))
        {
            tries.OpenTransactions(id.EndsWith('-') ? $"{id}try" : id).ShouldBe(AclTable.Allows(principal, "transactional-id", id, "Write"), $"{principal} Write transactional id {id}");
        }

        (await tries.AdministerAsync("dead-letters")).ShouldBeEmpty(principal);

        void ShouldBeAsGranted(string operation, Dictionary<string, bool> worked)
        {
            var wanted = topics.ToDictionary(topic => topic, topic => AclTable.Allows(principal, "topic", topic, operation));
            worked.Where(result => result.Value != wanted[result.Key]).Select(result => $"{principal} {operation} {result.Key}: {(result.Value ? "works" : "refused")}").ShouldBeEmpty();
        }
    }
}
