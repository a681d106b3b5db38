namespace Marketplace.EventLog;

/// <summary>What a topic is to be like.</summary>
public sealed record TopicSpec(string Name, int Partitions)
{
    public const int DefaultMaxMessageBytes = 2 * 1024 * 1024;

    /// <summary>Kafka's rule: 1–249 of ASCII letters, digits, '.', '_' and '-', not "." or "..".</summary>
    public string Name { get; } = IsValidName(Name) ? Name : throw new ArgumentException($"'{Name}' is not a topic name.", nameof(Name));

    public int Partitions { get; } = Partitions > 0 ? Partitions : throw new ArgumentOutOfRangeException(nameof(Partitions), Partitions, "A topic has at least one partition.");

    /// <summary>When set, only the latest record of each key is kept once records are older than <see cref="Compaction.Lag"/>.</summary>
    public Compaction? Compaction { get; init; }

    /// <summary>When set, records older than this are deleted, a stored batch at a time.</summary>
    public TimeSpan? RetentionTime { get; init; }

    /// <summary>When set, the oldest records of a partition beyond this many bytes are deleted.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>The largest record: key, value and headers together, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = DefaultMaxMessageBytes;

    /// <summary>The same topic with another number of partitions.</summary>
    public TopicSpec WithPartitions(int partitions) => new(Name, partitions)
    {
        Compaction = Compaction,
        RetentionTime = RetentionTime,
        RetentionBytes = RetentionBytes,
        MaxMessageBytes = MaxMessageBytes,
    };

    public static bool IsValidName(string? name) =>
        name is { Length: > 0 and <= 249 } and not "." and not ".."
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}

/// <summary>Compaction by key.</summary>
/// <param name="Lag">A record younger than this is never removed (Kafka: <c>min.compaction.lag.ms</c>).</param>
/// <param name="TombstoneRetention">A tombstone stays this long after it could first be compacted (Kafka: <c>delete.retention.ms</c>).</param>
public sealed record Compaction(TimeSpan Lag, TimeSpan TombstoneRetention);

/// <summary>A topic that exists. <paramref name="Id"/> changes when a topic is deleted and made anew.</summary>
public sealed record TopicDescription(Guid Id, TopicSpec Spec);
