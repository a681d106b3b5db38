using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.Testing.Kafka;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>Tries what a principal may do, with the bare client: true where it worked, false where the cluster refused.</summary>
internal sealed class AclTries(KafkaCluster cluster, string principal)
{
    /// <summary>So long the client says nothing where it may not even ask; of what is granted it only means that the cluster is busy.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    /// <summary>Without the client's own log: hundreds of refusals are what is wanted here, and they hid what had failed.</summary>
    private Dictionary<string, string> Properties => new(cluster.ClientProperties(principal)) { ["log_level"] = "0" };

    public async Task<Dictionary<string, bool>> WriteAsync(IReadOnlyList<string> topics)
    {
        using var producer = new ProducerBuilder<string, byte[]?>(new ProducerConfig(Properties) { Acks = Acks.All, MessageTimeoutMs = (int)Eventually.HangLimit.TotalMilliseconds }).Build();
        var tries = topics.Select(async topic =>
        {
            try
            {
                await producer.ProduceAsync(topic, new Message<string, byte[]?> { Key = "acl", Value = Encoding.UTF8.GetBytes("acl") });
                return (topic, true);
            }
            catch (ProduceException<string, byte[]?> e)
            {
                e.Error.Code.ShouldBe(ErrorCode.TopicAuthorizationFailed, topic);
                return (topic, false);
            }
        });
        return (await Task.WhenAll(tries)).ToDictionary();
    }

    /// <summary>Reads each topic's partition 0 to its end, all at once. Of a topic it may not even know the client says nothing.</summary>
    public Dictionary<string, bool> Read(IReadOnlyList<string> topics, Func<string, bool> isGranted)
    {
        using var consumer = Consumer($"readers-{principal}");
        consumer.Assign(topics.Select(topic => new TopicPartitionOffset(topic, 0, Offset.Beginning)));
        var results = new Dictionary<string, bool>();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var heard = TimeSpan.Zero; results.Count < topics.Count;)
        {
            if (watch.Elapsed - heard > Silence && (watch.Elapsed > Eventually.HangLimit || !topics.Any(topic => isGranted(topic) && !results.ContainsKey(topic))))
            {
                break;
            }

            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { IsPartitionEOF: true } end)
                {
                    (results[end.Topic], heard) = (true, watch.Elapsed);
                }
            }
            catch (ConsumeException e) when (e.Error.Code == ErrorCode.TopicAuthorizationFailed)
            {
                results[e.ConsumerRecord.Topic] = false;
            }
            catch (ConsumeException e) when (e.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.GroupAuthorizationFailed)
            {
                // The group is tried by itself.
            }
        }

        return topics.ToDictionary(topic => topic, results.GetValueOrDefault);
    }

    public async Task<Dictionary<string, bool>> DescribeConfigsAsync(IReadOnlyList<string> topics)
    {
        using var admin = new AdminClientBuilder(Properties).Build();
        var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic });
        try
        {
            return (await admin.DescribeConfigsAsync(resources)).ToDictionary(result => result.ConfigResource.Name, _ => true);
        }
        catch (DescribeConfigsException e)
        {
            return e.Results.ToDictionary(result => result.ConfigResource.Name, result => !result.Error.IsError);
        }
    }

    /// <summary>A position can be committed, which needs Read on the group beside Read on the topic.</summary>
    public bool ReadGroup(string group, string readableTopic, bool isGranted)
    {
        using var consumer = Consumer(group);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                consumer.Consume(TimeSpan.FromMilliseconds(100));
                consumer.Commit([new TopicPartitionOffset(readableTopic, 0, 0)]);
                return true;
            }
            catch (KafkaException e) when (e.Error.Code == ErrorCode.GroupAuthorizationFailed || (e.Error.Code == ErrorCode.Local_WaitCoord && watch.Elapsed > (isGranted ? Eventually.HangLimit : Silence)))
            {
                // A client that may not ask for the group's coordinator waits for it without end.
                return false;
            }
            catch (KafkaException e) when (e.Error.Code == ErrorCode.Local_WaitCoord)
            {
            }
            catch (KafkaException e) when (e.Error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress)
            {
                // The group has members; the right was looked at before.
                return true;
            }
        }
    }

    public async Task<bool> DescribeGroupAsync(string group)
    {
        // On a consumer's handle: see KafkaEventLog.
        using var consumer = Consumer($"readers-{principal}");
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        try
        {
            await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, null)]);
            return true;
        }
        catch (KafkaException e) when (e is ListConsumerGroupOffsetsException || e.Error.Code == ErrorCode.GroupAuthorizationFailed)
        {
            return false;
        }
    }

    public bool OpenTransactions(string transactionalId)
    {
        using var producer = new ProducerBuilder<string, byte[]?>(new ProducerConfig(Properties) { TransactionalId = transactionalId }).Build();
        try
        {
            producer.InitTransactions(Eventually.HangLimit);
            return true;
        }
        catch (KafkaException e) when (e.Error.Code == ErrorCode.TransactionalIdAuthorizationFailed)
        {
            return false;
        }
    }

    /// <summary>What only the administrator may: none of it works.</summary>
    /// <param name="topic">One that the principal sees; of another the client would wait for a leader without end.</param>
    public async Task<IReadOnlyList<string>> AdministerAsync(string topic)
    {
        using var admin = new AdminClientBuilder(Properties).Build();
        var worked = new List<string>();
        await TryAsync("create a topic", () => admin.CreateTopicsAsync([new TopicSpecification { Name = $"made-by-{principal}", NumPartitions = 1, ReplicationFactor = 3 }], new CreateTopicsOptions { ValidateOnly = true }));
        await TryAsync("delete a topic", () => admin.DeleteTopicsAsync([topic]));
        await TryAsync("add partitions", () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 12 }], new CreatePartitionsOptions { ValidateOnly = true }));
        await TryAsync("delete records", () => admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, 0)]));
        await TryAsync("change a topic's settings", () => admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new ConfigResource { Type = ResourceType.Topic, Name = topic }] = [new ConfigEntry { Name = "retention.ms", Value = "1000", IncrementalOperation = AlterConfigOpType.Set }],
            },
            new IncrementalAlterConfigsOptions { ValidateOnly = true }));
        await TryAsync("see ACLs", async () =>
        {
            var seen = await admin.DescribeAclsAsync(new AclBindingFilter
            {
                PatternFilter = new ResourcePatternFilter { Type = ResourceType.Any, ResourcePatternType = ResourcePatternType.Any },
                EntryFilter = new AccessControlEntryFilter { Operation = AclOperation.Any, PermissionType = AclPermissionType.Any },
            });
            if (seen.AclBindings.Count == 0)
            {
                // The client takes a refusal for an empty list.
                throw new KafkaException(ErrorCode.ClusterAuthorizationFailed);
            }
        });
        return worked;

        async Task TryAsync(string what, Func<Task> act)
        {
            try
            {
                await act().WaitAsync(Eventually.HangLimit);
                worked.Add(what);
            }
            catch (KafkaException)
            {
                // Refused.
            }
        }
    }

    private IConsumer<Ignore, Ignore> Consumer(string group) => new ConsumerBuilder<Ignore, Ignore>(
        new ConsumerConfig(Properties) { GroupId = group, EnablePartitionEof = true, EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Earliest, FetchWaitMaxMs = 100 }).Build();
}
