using System.Buffers.Binary;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Clients;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>Asks the cluster what its topics are, and what is set for each.</summary>
internal sealed class TopicDescriber(ClusterCalls calls)
{
    /// <summary>All topics but the cluster's own.</summary>
    public async ValueTask<Dictionary<string, ClusterTopic>> AllAsync(CancellationToken cancellationToken)
    {
        var metadata = await calls.BlockAsync("Describe", "the topics", admin => admin.GetMetadata(ClusterCalls.RequestTimeout), cancellationToken).ConfigureAwait(false);
        var names = metadata.Topics.Where(topic => !topic.Topic.StartsWith("__", StringComparison.Ordinal)).Select(topic => topic.Topic).ToArray();
        return names.Length == 0 ? [] : await OfAsync(names, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Those of the names that exist.</summary>
    public async ValueTask<Dictionary<string, ClusterTopic>> OfAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var described = await TopicsAsync(names, cancellationToken).ConfigureAwait(false);
        var existing = described.Where(topic => topic.Error.Code == ErrorCode.NoError).ToArray();
        var configs = existing.Length == 0
            ? []
            : await calls.RunAsync("DescribeConfigs", Named(names), admin => DescribeConfigsAsync(admin, existing), cancellationToken).ConfigureAwait(false);
        return existing.Where(topic => configs.ContainsKey(topic.Name)).ToDictionary(topic => topic.Name, topic => new ClusterTopic(
            topic.Name, GuidOf(topic.TopicId), topic.Partitions.Count, topic.Partitions.Min(partition => partition.Replicas.Count), configs[topic.Name]));
    }

    /// <summary>Their partitions and leaders, or why they are not told.</summary>
    public ValueTask<List<Confluent.Kafka.Admin.TopicDescription>> TopicsAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken) =>
        calls.RunAsync("Describe", Named(names), admin => DescribeTopicsAsync(admin, names), cancellationToken);

    private static async Task<List<Confluent.Kafka.Admin.TopicDescription>> DescribeTopicsAsync(IAdminClient admin, IReadOnlyCollection<string> names)
    {
        var topics = TopicCollection.OfTopicNames(names);
        try
        {
            return (await admin.DescribeTopicsAsync(topics, new DescribeTopicsOptions { RequestTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false)).TopicDescriptions;
        }
        catch (DescribeTopicsException e)
        {
            // Some are unknown or not to be seen: the others are told all the same. Anything else is the call's failure.
            return e.Results.TopicDescriptions.Find(topic => topic.Error.Code is not ErrorCode.NoError and not ErrorCode.UnknownTopicOrPart) is { } failed
                ? throw new KafkaException(new Error(failed.Error.Code, $"topic '{failed.Name}': {failed.Error.Reason}"))
                : e.Results.TopicDescriptions;
        }
    }

    /// <summary>The settings of each topic, null where the principal may not see them; a topic that has been deleted since is left out.</summary>
    private static async Task<Dictionary<string, IReadOnlyDictionary<string, ConfigEntryResult>?>> DescribeConfigsAsync(IAdminClient admin, Confluent.Kafka.Admin.TopicDescription[] topics)
    {
        var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic.Name });
        try
        {
            var results = await admin.DescribeConfigsAsync(resources, new DescribeConfigsOptions { RequestTimeout = ClusterCalls.RequestTimeout }).ConfigureAwait(false);
            return results.ToDictionary(result => result.ConfigResource.Name, IReadOnlyDictionary<string, ConfigEntryResult>? (result) => result.Entries);
        }
        catch (DescribeConfigsException e)
        {
            var there = e.Results.Where(result => !KafkaFaults.IsUnknownTopic(result.Error)).ToArray();
            return Array.Find(there, result => result.Error.IsError && !KafkaFaults.IsAuthorization(result.Error)) is { } failed
                ? throw new KafkaException(new Error(failed.Error.Code, $"topic '{failed.ConfigResource.Name}': {failed.Error.Reason}"))
                : there.ToDictionary(result => result.ConfigResource.Name, IReadOnlyDictionary<string, ConfigEntryResult>? (result) => result.Error.IsError ? null : result.Entries);
        }
    }

    /// <summary>Topics as they are called in messages.</summary>
    public static string Named(IReadOnlyCollection<string> names) => $"topic{(names.Count == 1 ? "" : "s")} {string.Join(", ", names.Select(name => $"'{name}'"))}";

    private static Guid GuidOf(Uuid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id.MostSignificantBits);
        BinaryPrimitives.WriteInt64BigEndian(bytes[sizeof(long)..], id.LeastSignificantBits);
        return new Guid(bytes, bigEndian: true);
    }
}
