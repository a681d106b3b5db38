namespace Marketplace.EventLog;

/// <summary>A record as read. Its memory belongs to the <see cref="RecordBatch"/> and is gone when that is disposed.</summary>
public readonly record struct StoredRecord
{
    public long Offset { get; init; }

    /// <summary>Milliseconds since the Unix epoch.</summary>
    public long Timestamp { get; init; }

    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Null is a tombstone.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    public RecordHeaders Headers { get; init; }
}
