using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>Empties the gateway's topics and groups on a cluster by making them anew.</summary>
internal static class FreshTopics
{
    public const int Partitions = 6;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static async Task MakeAsync(KafkaCluster cluster, CancellationToken cancellationToken)
    {
        var names = TopicCatalog.For(Partitions).Select(topic => topic.Name).ToList();
        HashSet<Guid> old = [];
        await using (var before = SharedCluster.Open(cluster, "admin"))
        {
            old.UnionWith((await before.DescribeTopicsAsync(cancellationToken)).Values.Select(topic => topic.Id));
        }

        using var admin = new AdminClientBuilder(cluster.ClientProperties("admin")).Build();
        await UntilAsync(() => AnsweredAsync(async () =>
        {
            try
            {
                await admin.DeleteTopicsAsync(names);
            }
            catch (DeleteTopicsException)
            {
                // Those that are gone already.
            }

            return admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.TrueForAll(topic => !names.Contains(topic.Topic));
        }), "the old topics to go", cancellationToken);
        await UntilAsync(() => AnsweredAsync(async () =>
        {
            var groups = admin.ListGroups(TimeSpan.FromSeconds(10)).Select(group => group.Group).Intersect(["filter", "file-sink", "unreadable-events"]).ToList();
            try
            {
                if (groups.Count > 0)
                {
                    await admin.DeleteGroupsAsync(groups);
                }

                return true;
            }
            catch (DeleteGroupsException e)
            {
                // Members of killed gateways stay until their session is over.
                return e.Results.TrueForAll(group => !group.Error.IsError || group.Error.Code == ErrorCode.GroupIdNotFound);
            }
        }), "the old groups to go", cancellationToken);

        await using var log = SharedCluster.Open(cluster, "admin");
        await UntilAsync(() => AnsweredAsync(async () =>
        {
            // A broker that has not heard yet of the old ones' end would let them pass for the new ones.
            await log.EnsureTopicsAsync(TopicCatalog.For(Partitions), cancellationToken);
            var made = await log.DescribeTopicsAsync(cancellationToken);
            return names.TrueForAll(name => made.TryGetValue(name, out var topic) && !old.Contains(topic.Id));
        }), "the new topics to be there", cancellationToken);
    }

    /// <summary>A cluster that does not answer now has not done yet what is waited for.</summary>
    private static async Task<bool> AnsweredAsync(Func<Task<bool>> isDone)
    {
        try
        {
            return await isDone();
        }
        catch (Exception e) when (e is KafkaException or LogUnavailableException)
        {
            return false;
        }
    }

    public static Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken, Func<string>? more = null) =>
        Eventually.HoldsAsync(condition, what, Eventually.HangLimit, Poll, more, cancellationToken);
}
