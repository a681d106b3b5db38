namespace Marketplace.EventLog.Embedded.Topics;

/// <summary>A topic and its partitions; the description is replaced when settings change.</summary>
internal sealed class TopicState(int id, TopicDescription description, PartitionState[] partitions)
{
    private TopicDescription _description = description;
    private PartitionState[] _partitions = partitions;
    private int _next;

    public int Id { get; } = id;

    public TopicDescription Description
    {
        get => Volatile.Read(ref _description);
        set => Volatile.Write(ref _description, value);
    }

    public TopicSpec Spec => Description.Spec;

    public PartitionState[] Partitions => Volatile.Read(ref _partitions);

    /// <summary>Shows further partitions; called by the writer's thread when they are durable.</summary>
    public void Add(IReadOnlyList<PartitionState> added)
    {
        Volatile.Write(ref _partitions, [.. _partitions, .. added]);
        Description = Description with { Spec = Spec.WithPartitions(_partitions.Length) };
    }

    /// <summary>The partition a record goes to: the one it names, the one of its key, or the next in turn.</summary>
    public PartitionState PartitionFor(in LogRecord record)
    {
        if (record.Partition is { } number)
        {
            return Partitions[number];
        }

        var partitions = Partitions;
        return record.Key is { } key
            ? partitions[KafkaPartitioner.PartitionFor(key.Span, partitions.Length)]
            : partitions[(int)((uint)Interlocked.Increment(ref _next) % (uint)partitions.Length)];
    }

    /// <exception cref="RecordTooLargeException">It exceeds the topic's limit.</exception>
    /// <exception cref="ArgumentException">It names a partition the topic does not have.</exception>
    public void Check(in LogRecord record)
    {
        if (record.Size > Spec.MaxMessageBytes)
        {
            throw new RecordTooLargeException(Spec.Name, record.Size, Spec.MaxMessageBytes);
        }

        if (record.Partition is { } number && (uint)number >= (uint)Partitions.Length)
        {
            throw new ArgumentException($"Topic '{Spec.Name}' has no partition {number}, only {Partitions.Length}.", nameof(record));
        }
    }
}
