using System.Globalization;
using Confluent.Kafka.Admin;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>A <see cref="TopicSpec"/> in Kafka's words and back.</summary>
internal static class TopicConfig
{
    public const string CleanupPolicy = "cleanup.policy";
    public const string CompactionLag = "min.compaction.lag.ms";
    public const string TombstoneRetention = "delete.retention.ms";
    public const string RetentionTime = "retention.ms";
    public const string RetentionBytes = "retention.bytes";
    public const string MaxMessageBytes = "max.message.bytes";
    public const string MinInSyncReplicas = "min.insync.replicas";
    public const string UncleanElection = "unclean.leader.election.enable";

    private const string Compact = "compact";
    private const string Delete = "delete";
    private const string Forever = "-1";

    public static Dictionary<string, string> Of(TopicSpec spec, int minInSyncReplicas)
    {
        var config = new Dictionary<string, string>
        {
            [CleanupPolicy] = Cleanup(spec),
            [RetentionTime] = spec.RetentionTime is { } time ? Milliseconds(time) : Forever,
            [RetentionBytes] = spec.RetentionBytes is { } bytes ? Text(bytes) : Forever,
            [MaxMessageBytes] = Text(spec.MaxMessageBytes),
            [MinInSyncReplicas] = Text(minInSyncReplicas),
            [UncleanElection] = "false",
        };
        if (spec.Compaction is { } compaction)
        {
            config[CompactionLag] = Milliseconds(compaction.Lag);
            config[TombstoneRetention] = Milliseconds(compaction.TombstoneRetention);
        }

        return config;
    }

    public static TopicSpec Read(string name, int partitions, IReadOnlyDictionary<string, ConfigEntryResult>? config)
    {
        var spec = new TopicSpec(name, partitions);
        if (config is null)
        {
            return spec;
        }

        var policy = Value(config, CleanupPolicy);
        var deletes = policy.Contains(Delete, StringComparison.Ordinal);
        return spec with
        {
            MaxMessageBytes = (int)Math.Min(int.MaxValue, Number(config, MaxMessageBytes)),
            Compaction = policy.Contains(Compact, StringComparison.Ordinal) ? new Compaction(Span(config, CompactionLag), Span(config, TombstoneRetention)) : null,
            RetentionTime = deletes && Number(config, RetentionTime) >= 0 ? Span(config, RetentionTime) : null,
            RetentionBytes = deletes && Number(config, RetentionBytes) is >= 0 and var bytes ? bytes : null,
        };
    }

    public static string Cleanup(TopicSpec spec) => spec.Compaction is null ? Delete
        : spec.RetentionTime is null && spec.RetentionBytes is null ? Compact
        : $"{Compact},{Delete}";

    public static long Number(IReadOnlyDictionary<string, ConfigEntryResult> config, string name) => long.Parse(Value(config, name), CultureInfo.InvariantCulture);

    public static string Value(IReadOnlyDictionary<string, ConfigEntryResult> config, string name) => config[name].Value;

    private static TimeSpan Span(IReadOnlyDictionary<string, ConfigEntryResult> config, string name) =>
        TimeSpan.FromMilliseconds(Math.Min(Number(config, name), (long)TimeSpan.MaxValue.TotalMilliseconds));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => Text((long)span.TotalMilliseconds);
}
