namespace Marketplace.EventLog;

/// <summary>Reads a set of partitions, taking turns between those that have records. One caller at a time, except <see cref="Wake"/>.</summary>
public interface ILogReader : IAsyncDisposable
{
    /// <summary>
    /// The next batch of some partition; waits until there is one. Null when <see cref="Wake"/> was called.
    /// </summary>
    /// <exception cref="OffsetOutOfRangeException">The position is below the partition's beginning or past its end and <see cref="ReaderOptions.ResetToBegin"/> is off.</exception>
    ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes the pending or the next <see cref="ReadAsync"/> return null. Safe from any thread; calls may coalesce.</summary>
    void Wake();

    /// <summary>The next offset to read of an assigned partition.</summary>
    long PositionOf(TopicPartition partition);

    void Seek(TopicPartition partition, long offset);
}

public sealed record ReaderOptions
{
    public static ReaderOptions Default { get; } = new();

    /// <summary>How many bytes of records a batch should hold at most; one record larger than this still comes, alone.</summary>
    public int MaxBatchBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// Lets records gather: a reader that has read all there was looks again no sooner than this, so that a stream of small
    /// appends is read in few batches. A record that comes later than that is read at once.
    /// An engine whose brokers gather by themselves need not heed it.
    /// </summary>
    public TimeSpan Linger { get; init; }

    /// <summary>
    /// Go on at the partition's beginning when retention has passed the position, instead of throwing. Where nothing is left,
    /// an empty batch says how far that is.
    /// </summary>
    public bool ResetToBegin { get; init; }
}
