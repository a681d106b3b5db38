using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>Consumer groups are asked of every broker: those that are down make the answer incomplete, and nothing worse.</summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class GroupListTests
{
    [Fact]
    public async Task With_brokers_down_the_groups_are_not_told_and_all_of_them_are_when_the_brokers_are_back()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await using var log = SharedCluster.Open(cluster, "admin", options => options with { DeliveryTimeout = TimeSpan.FromSeconds(1) });
        var before = await log.ListGroupsAsync(token);
        before.ShouldContain("first");
        try
        {
            cluster.All[0].KillNow();
            cluster.All[1].KillNow();
            await Should.ThrowAsync<LogUnavailableException>(async () => await log.ListGroupsAsync(token));
        }
        finally
        {
            await cluster.RestoreAsync(token);
        }

        await FreshTopics.UntilAsync(
            async () =>
            {
                try
                {
                    return (await log.ListGroupsAsync(token)).Order().SequenceEqual(before.Order());
                }
                catch (LogUnavailableException)
                {
                    return false;
                }
            },
            "the same groups to be listed",
            token);
    }
}
