namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>A topic as the engine needs it to write: its partitions by name, and how large a record may be.</summary>
internal sealed class KnownTopic(string name, int partitions, int maxMessageBytes)
{
    /// <summary>
    /// An idempotent client has one batch of a partition under way (librdkafka counts records where it means requests) and takes a
    /// processor for itself while the next one waits, so batches are large: no larger, though, than what Kafka lets a topic take by default.
    /// </summary>
    public const int LargestBatch = 950 * 1000;

    private const int SmallestBatch = 64 * 1024;

    private readonly Confluent.Kafka.TopicPartition[] _partitions =
        [.. Enumerable.Range(0, partitions).Select(number => new Confluent.Kafka.TopicPartition(name, number))];

    private readonly Confluent.Kafka.TopicPartition _any = new(name, Confluent.Kafka.Partition.Any);

    public string Name => name;

    public int Partitions => partitions;

    /// <summary>How large a batch of records may be: a broker refuses a whole batch that is larger than its topic's largest record.</summary>
    public int BatchBytes => Math.Clamp(maxMessageBytes, SmallestBatch, LargestBatch);

    /// <summary>Where a record goes: as it says, by its key, or anywhere.</summary>
    public Confluent.Kafka.TopicPartition Target(in LogRecord record) =>
        PartitionOf(record) is >= 0 and var number ? _partitions[number] : _any;

    /// <summary>The number of the partition a record goes to, or -1: anywhere.</summary>
    public int PartitionOf(in LogRecord record) =>
        record.Partition ?? (record.Key is { } key ? KafkaPartitioner.PartitionFor(key.Span, partitions) : Confluent.Kafka.Partition.Any.Value);

    /// <exception cref="ArgumentException">The topic has no such partition.</exception>
    /// <exception cref="RecordTooLargeException">Key, value and headers are larger than the topic takes.</exception>
    public void Check(in LogRecord record)
    {
        if (record.Partition is { } wanted)
        {
            Check(wanted);
        }

        if (record.Size > maxMessageBytes)
        {
            throw new RecordTooLargeException(name, record.Size, maxMessageBytes);
        }
    }

    /// <exception cref="ArgumentException">The topic has no such partition.</exception>
    public void Check(int partition)
    {
        if ((uint)partition >= (uint)partitions)
        {
            throw new ArgumentException($"Topic '{name}' has partitions 0 to {partitions - 1}, not {partition}.", nameof(partition));
        }
    }

    /// <summary>The broker refused a record of this size.</summary>
    public RecordTooLargeException TooLarge(long size) => new(name, size, maxMessageBytes);
}
