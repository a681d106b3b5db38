namespace Marketplace.EventLog;

/// <summary>A record to append. The log copies the bytes before the append completes and never changes them.</summary>
public readonly record struct LogRecord
{
    /// <summary>Decides the partition (unless <see cref="Partition"/> does) and what compaction keeps; null: any partition.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Null is a tombstone: the key's records are to be forgotten.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    public RecordHeaders Headers { get; init; }

    /// <summary>Milliseconds since the Unix epoch; null: the log's clock at the append.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Bytes of key, value and headers together: what a topic's <see cref="TopicSpec.MaxMessageBytes"/> bounds.</summary>
    public long Size => (long)(Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Encoded.Length;

    /// <summary>A record that says the key is to be forgotten.</summary>
    /// <remarks>Said by name, because a null array assigned to <see cref="Value"/> converts to an empty value and not to none.</remarks>
    public static LogRecord Tombstone(ReadOnlyMemory<byte> key) => new() { Key = key, Value = null };

    /// <summary>An explicit partition, for copies that keep the source's; null: by key (<see cref="KafkaPartitioner"/>).</summary>
    public int? Partition { get; init; }
}
