namespace Marketplace.EventLog.Embedded;

public sealed record EmbeddedLogOptions
{
    /// <summary>The folder that holds the log; made when missing, and locked while the log is open.</summary>
    public required string Path { get; init; }

    /// <summary>Tells this log's metrics from those of another in the same process.</summary>
    public string Name { get; init; } = "source";

    /// <summary>Called once on the writer's thread before anything else, to give it another priority.</summary>
    public Action? OnWriterThread { get; init; }

    /// <summary>How long a group member may leave a revocation unanswered before its partitions are taken from it.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How often compaction and retention run by themselves; <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan MaintenanceInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Maintenance compacts a partition only when at least this share of it is new since the last time
    /// (Kafka: <c>min.cleanable.dirty.ratio</c>), so that a large topic is not rewritten for a few records.
    /// </summary>
    public double MinCleanableRatio { get; init; } = 0.5;

    /// <summary>How many bytes of concurrent appends at most share one transaction and its fsync.</summary>
    public int GroupCommitBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of the write-ahead log at which it is moved into the database, beside the writing. Commits wait for the disk meanwhile: more bytes, a longer wait.</summary>
    public int CheckpointBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Keys that one compaction pass of a partition holds in memory (about 60 bytes each); more take more passes.</summary>
    public int MaxCompactionKeys { get; init; } = 1_000_000;

    /// <summary>Bytes of records in one stored batch; a larger record is stored alone.</summary>
    internal int StoredBatchBytes { get; init; } = 128 * 1024;

    /// <summary>Requests of at least so many bytes are encoded and compressed by their callers.</summary>
    internal int EncodeFromBytes { get; init; } = 192 * 1024;

    internal int PageSize { get; init; } = 8192;

    /// <summary>A limit to the database in pages, for tests of a full disk.</summary>
    internal long? MaxPages { get; init; }
}
