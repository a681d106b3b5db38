namespace Marketplace.EventLog;

/// <summary>
/// The event log port: topics of partitions of records, appended durably, read in order, and committed atomically
/// together with the positions of their readers. Every engine passes the same contract suite
/// (<c>tests/Marketplace.EventLog.Contract</c>). All members are safe for concurrent use.
/// </summary>
/// <remarks>
/// Offsets grow within a partition but are never contiguous by promise: compaction and an engine's own markers leave gaps.
/// Only the position after the last record read (<see cref="RecordBatch.NextOffset"/>) is a place to go on from.
/// </remarks>
public interface IEventLog : IAsyncDisposable
{
    /// <summary>Creates the topics that are missing and checks those that exist.</summary>
    /// <exception cref="TopicMismatchException">A topic exists with settings that break a guarantee; names topic, found and wanted.</exception>
    /// <exception cref="LogUnavailableException">The log cannot be reached or written now.</exception>
    ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken);

    /// <summary>Gives a topic more partitions; those that it has, and what is in them, stay. A topic that has as many already is left as it is.</summary>
    /// <remarks>Keys go to other partitions from then on, so only a copy that names each record's partition may ask for it.</remarks>
    /// <exception cref="TopicMismatchException">It has more than that: partitions are never taken away.</exception>
    /// <exception cref="UnknownTopicException">There is no such topic.</exception>
    ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken);

    /// <summary>The topics that exist, by name.</summary>
    ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken);

    /// <summary>Appends one record; completes when it is durable.</summary>
    /// <exception cref="LogUnavailableException">Nothing was written, or it is unknown whether it was: sending again is safe for keyed state, not for counts.</exception>
    /// <exception cref="RecordTooLargeException">The record exceeds the topic's <see cref="TopicSpec.MaxMessageBytes"/>.</exception>
    ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Appends records in the order given; completes when all are durable. Records of one partition keep their order and
    /// no other append comes between the call's records being all visible or, after a failure, none (embedded) or a prefix (Kafka).
    /// The memory of <paramref name="records"/> must stay untouched until completion.
    /// </summary>
    ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken);

    /// <summary>Opens the atomic writer of this name and fences every earlier writer of the same name.</summary>
    ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken);

    /// <summary>Opens a reader of its own (no group) at the given offsets; <see cref="LogOffset.Begin"/> and <see cref="LogOffset.End"/> are allowed.</summary>
    ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken);

    /// <summary>
    /// Joins a consumer group: the group's members share the topics' partitions. A partition starts at the group's committed
    /// position, or at its beginning when there is none.
    /// </summary>
    ValueTask<IGroupMember> JoinGroupAsync(string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken);

    /// <summary>Begin and end offset of a partition; the end excludes what is not yet committed.</summary>
    ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>
    /// The end of a partition once all that was under way in it at the call has been committed or taken back. Whoever reads a
    /// group's position and then asks here has all that was committed together with that position before this end.
    /// </summary>
    ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken);

    /// <summary>The groups that have committed positions.</summary>
    ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken);

    /// <summary>The committed positions of a group, for the partitions that have one.</summary>
    ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken);
}
