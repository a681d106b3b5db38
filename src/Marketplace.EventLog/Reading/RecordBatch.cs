namespace Marketplace.EventLog;

/// <summary>
/// Records of one partition in offset order. It may be empty: then only <see cref="NextOffset"/> has moved, past
/// compacted records or an engine's markers. Dispose it when nothing refers to its records any more.
/// </summary>
public sealed class RecordBatch(TopicPartition partition, ReadOnlyMemory<StoredRecord> records, long nextOffset, long endOffset, IDisposable? owner = null) : IDisposable
{
    private IDisposable? _owner = owner;

    public TopicPartition Partition { get; } = partition;

    public ReadOnlyMemory<StoredRecord> Memory { get; } = records;

    public ReadOnlySpan<StoredRecord> Records => Memory.Span;

    public int Count => Memory.Length;

    /// <summary>When the latest record was written, in milliseconds since the Unix epoch; null where there is none.</summary>
    public long? LastTimestamp => Count > 0 ? Records[^1].Timestamp : null;

    /// <summary>The position to go on from after this batch.</summary>
    public long NextOffset { get; } = nextOffset;

    /// <summary>The partition's end as known when this was read; at or past it, the reader has caught up.</summary>
    public long EndOffset { get; } = endOffset;

    public bool AtEnd => NextOffset >= EndOffset;

    public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Dispose();
}
