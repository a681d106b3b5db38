using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Clients;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>Compares a topic with what it is to be: what breaks a guarantee is refused, any other difference is a warning.</summary>
internal static class TopicCheck
{
    /// <exception cref="TopicMismatchException">Names topic, setting, found and wanted.</exception>
    public static void Run(ClusterTopic found, TopicSpec wanted, KafkaLogOptions options, ILogger logger)
    {
        Refuse("the number of partitions", found.Partitions == wanted.Partitions, found.Partitions, wanted.Partitions);
        Refuse("the replication factor", found.Replicas >= options.ReplicationFactor, found.Replicas, $"at least {options.ReplicationFactor}");
        if (found.Config is not { } config)
        {
            Warn("its configuration", "not to be seen by this principal (DescribeConfigs)", "to be checked");
            return;
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

        WarnIf(TopicConfig.RetentionTime, spec.RetentionTime != wanted.RetentionTime, Text(spec.RetentionTime), Text(wanted.RetentionTime));
        WarnIf(TopicConfig.RetentionBytes, spec.RetentionBytes != wanted.RetentionBytes, $"{spec.RetentionBytes ?? -1}", $"{wanted.RetentionBytes ?? -1}");
        WarnIf(TopicConfig.MaxMessageBytes, spec.MaxMessageBytes != wanted.MaxMessageBytes, $"{spec.MaxMessageBytes}", $"{wanted.MaxMessageBytes}");
        WarnIf(TopicConfig.UncleanElection, TopicConfig.Value(config, TopicConfig.UncleanElection) != "false", "true", "false");

        void Refuse(string setting, bool isRight, object isFound, object isWanted)
        {
            if (!isRight)
            {
                throw new TopicMismatchException(wanted.Name, setting, $"{isFound}", $"{isWanted}");
            }
        }

        void WarnIf(string setting, bool differs, string isFound, string isWanted)
        {
            if (differs)
            {
                Warn(setting, isFound, isWanted);
            }
        }

        void Warn(string setting, string isFound, string isWanted) => KafkaLog.Differs(logger, wanted.Name, setting, isFound, isWanted);
    }

    private static string Text(TimeSpan? span) => span?.ToString() ?? "for good";
}

/// <summary>A topic as the cluster describes it.</summary>
/// <param name="Replicas">Of the partition that has the fewest.</param>
/// <param name="Config">Null where the principal may not see it.</param>
internal sealed record ClusterTopic(string Name, Guid Id, int Partitions, int Replicas, IReadOnlyDictionary<string, ConfigEntryResult>? Config)
{
    public TopicDescription Describe() => new(Id, TopicConfig.Read(Name, Partitions, Config));
}
