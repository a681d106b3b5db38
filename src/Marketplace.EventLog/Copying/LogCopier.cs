namespace Marketplace.EventLog.Copying;

/// <summary>
/// Copies topics from one log into another: partitions, order, keys, values, headers and timestamps are kept. How far it has
/// come is committed in the target with the records, so a copy that was broken off goes on where it was, and copies nothing twice.
/// </summary>
public sealed class LogCopier(IEventLog source, IEventLog target)
{
    /// <summary>The writer and the group of the copy; its positions are offsets of the source.</summary>
    public const string Name = "log-copy";

    /// <summary>Records of one commit, in bytes of values.</summary>
    private const long CommitBytes = 4 * 1024 * 1024;

    private static readonly ReaderOptions Reading = new() { ResetToBegin = true };

    /// <summary>Makes the topics where they are missing, copies what is not copied yet, and compares both sides.</summary>
    /// <param name="topics">Topics of the source; those that it lacks are left out.</param>
    /// <param name="copied">Told of every commit.</param>
    /// <returns>A digest for each partition, the same on both sides.</returns>
    /// <exception cref="CopyException">The target holds other records than the copy's.</exception>
    public async Task<IReadOnlyList<PartitionDigest>> RunAsync(IReadOnlyCollection<string> topics, IProgress<CopyProgress>? copied, CancellationToken cancellationToken)
    {
        var known = await source.DescribeTopicsAsync(cancellationToken).ConfigureAwait(false);
        await target.EnsureTopicsAsync([.. known.Values.Select(topic => topic.Spec)], cancellationToken).ConfigureAwait(false);
        var partitions = topics.Where(known.ContainsKey)
            .SelectMany(topic => Enumerable.Range(0, known[topic].Spec.Partitions).Select(number => new TopicPartition(topic, number))).ToList();

        await using var writer = await target.OpenWriterAsync(Name, cancellationToken).ConfigureAwait(false);
        var positions = await BeginAsync(partitions, writer, cancellationToken).ConfigureAwait(false);
        foreach (var partition in partitions)
        {
            await CopyAsync(partition, positions[partition], writer, copied, cancellationToken).ConfigureAwait(false);
        }

        var digests = new List<PartitionDigest>(partitions.Count);
        foreach (var partition in partitions)
        {
            digests.Add(await VerifyAsync(partition, known[partition.Topic].Spec.Compaction is not null, cancellationToken).ConfigureAwait(false));
        }

        return digests;
    }

    /// <summary>
    /// Where each partition's copy goes on. Untouched ones have to be empty, or their records would come before those copied; that they
    /// are this copy's is committed before the first record, since what a broken commit leaves behind on a cluster takes offsets too.
    /// </summary>
    private async Task<Dictionary<TopicPartition, long>> BeginAsync(IEnumerable<TopicPartition> partitions, IAtomicWriter writer, CancellationToken cancellationToken)
    {
        var known = await target.GetPositionsAsync(Name, cancellationToken).ConfigureAwait(false);
        var (positions, begun) = (new Dictionary<TopicPartition, long>(), new AtomicBatch());
        foreach (var partition in partitions)
        {
            if (known.TryGetValue(partition, out var position))
            {
                positions.Add(partition, position.Offset);
                continue;
            }

            var range = await target.GetRangeAsync(partition, cancellationToken).ConfigureAwait(false);
            if (range.Begin != range.End)
            {
                throw new CopyException($"{partition} of the target holds records that are not the copy's: copy into topics that are new, before the gateway writes there.");
            }

            var begin = (await source.GetRangeAsync(partition, cancellationToken).ConfigureAwait(false)).Begin;
            positions.Add(partition, begin);
            begun.SetPosition(Name, partition, new GroupPosition(begin));
        }

        if (begun.Inputs.Count > 0)
        {
            await writer.CommitAsync(begun, cancellationToken).ConfigureAwait(false);
        }

        return positions;
    }

    private async Task CopyAsync(TopicPartition partition, long from, IAtomicWriter writer, IProgress<CopyProgress>? copied, CancellationToken cancellationToken)
    {
        var end = (await source.GetRangeAsync(partition, cancellationToken).ConfigureAwait(false)).End;
        if (from >= end)
        {
            return;
        }

        await using var reader = await source.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = from }, Reading, cancellationToken).ConfigureAwait(false);
        var commit = new AtomicBatch();
        var read = new List<RecordBatch>();
        try
        {
            for (var (position, bytes) = (from, 0L); position < end;)
            {
                var batch = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody wakes this reader.");
                read.Add(batch);
                bytes += Add(commit, partition, batch);
                position = batch.NextOffset;
                if (bytes >= CommitBytes || position >= end)
                {
                    commit.SetPosition(Name, partition, new GroupPosition(position));
                    await writer.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
                    copied?.Report(new CopyProgress(partition, position, end, commit.Outputs.Count));
                    commit.Clear();
                    Free(read);
                    bytes = 0;
                }
            }
        }
        finally
        {
            Free(read);
        }
    }

    private static long Add(AtomicBatch commit, TopicPartition partition, RecordBatch batch)
    {
        var bytes = 0L;
        foreach (ref readonly var record in batch.Records)
        {
            commit.Add(partition.Topic, new LogRecord { Key = record.Key, Value = record.Value, Headers = record.Headers, Timestamp = record.Timestamp, Partition = partition.Partition });
            bytes += record.Value?.Length ?? 0;
        }

        return bytes;
    }

    private async Task<PartitionDigest> VerifyAsync(TopicPartition partition, bool isCompacted, CancellationToken cancellationToken)
    {
        var wanted = await PartitionDigest.OfAsync(source, partition, isCompacted, cancellationToken).ConfigureAwait(false);
        var found = await PartitionDigest.OfAsync(target, partition, isCompacted, cancellationToken).ConfigureAwait(false);
        return wanted == found ? wanted : throw new CopyException($"{partition} differs: {wanted.Records} records with digest {wanted.Sha256} in the source, {found.Records} with {found.Sha256} in the target.");
    }

    private static void Free(List<RecordBatch> batches)
    {
        batches.ForEach(batch => batch.Dispose());
        batches.Clear();
    }
}

/// <summary>The copy cannot go on, or is not what the source is; the message is fit for an operator.</summary>
public sealed class CopyException(string message) : EventLogException(message);

/// <param name="Position">The source is copied up to here, of <paramref name="End"/>.</param>
/// <param name="Records">Records of this commit.</param>
public readonly record struct CopyProgress(TopicPartition Partition, long Position, long End, int Records);
