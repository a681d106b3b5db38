using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Clients;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>Compares a topic with what it is to be: what breaks a guarantee is refused, any other difference is told.</summary>
internal static class TopicCheck
{
    /// <returns>The settings that differ and break nothing, as they should be.</returns>
    /// <exception cref="TopicMismatchException">Names topic, setting, found and wanted.</exception>
    public static IReadOnlyList<TopicDifference> Run(ClusterTopic found, TopicSpec wanted, KafkaLogOptions options, ILogger logger)
    {
        Refuse("the number of partitions", found.Partitions == wanted.Partitions, found.Partitions, wanted.Partitions);
        Refuse("the replication factor", found.Replicas >= options.ReplicationFactor, found.Replicas, $"at least {options.ReplicationFactor}");
        if (found.Config is not { } config)
        {
            KafkaLog.Differs(logger, wanted.Name, "its configuration", "not to be seen by this principal (DescribeConfigs)", "to be checked");
            return [];
        }

        var spec = TopicConfig.Read(wanted.Name, found.Partitions, config);
        Refuse(TopicConfig.CleanupPolicy, spec.Compaction is null == wanted.Compaction is null, TopicConfig.Value(config, TopicConfig.CleanupPolicy), TopicConfig.Cleanup(wanted));
        var replicas = TopicConfig.Number(config, TopicConfig.MinInSyncReplicas);
        Refuse(TopicConfig.MinInSyncReplicas, replicas >= options.MinInSyncReplicas, replicas, $"at least {options.MinInSyncReplicas}");
        if (wanted.Compaction is { } compaction)
        {
            // A record that is gone too early is missed by whoever reads from an older position.
            Refuse(TopicConfig.CompactionLag, spec.Compaction!.Lag >= compaction.Lag, spec.Compaction.Lag, $"at least {compaction.Lag}");
            Refuse(TopicConfig.TombstoneRetention, spec.Compaction.TombstoneRetention >= compaction.TombstoneRetention, spec.Compaction.TombstoneRetention, $"at least {compaction.TombstoneRetention}");
        }

        // A bound of retention says nothing on a topic that is only compacted.
        var deletes = TopicConfig.Cleanup(wanted).Contains("delete", StringComparison.Ordinal);
        return [.. TopicConfig.Of(wanted, options.MinInSyncReplicas)
            .Where(setting => setting.Key is TopicConfig.MaxMessageBytes or TopicConfig.UncleanElection || (deletes && setting.Key is TopicConfig.RetentionTime or TopicConfig.RetentionBytes))
            .Where(setting => TopicConfig.Value(config, setting.Key) != setting.Value)
            .Select(setting => new TopicDifference(wanted.Name, setting.Key, TopicConfig.Value(config, setting.Key), setting.Value))];

        void Refuse(string setting, bool isRight, object isFound, object isWanted)
        {
            if (!isRight)
            {
                throw new TopicMismatchException(wanted.Name, setting, $"{isFound}", $"{isWanted}");
            }
        }

    }
}

/// <summary>A setting that is not as it should be and breaks nothing.</summary>
internal sealed record TopicDifference(string Topic, string Setting, string Found, string Wanted);

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Replicas">Of the partition that has the fewest.</param>
/// <param name="Config">Null where the principal may not see it.</param>
internal sealed record ClusterTopic(string Name, Guid Id, int Partitions, int Replicas, IReadOnlyDictionary<string, ConfigEntryResult>? Config)
{
    public TopicDescription Describe() => new(Id, TopicConfig.Read(Name, Partitions, Config));
}
