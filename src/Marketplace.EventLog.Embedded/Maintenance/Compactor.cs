using System.Buffers;
using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;
using Marketplace.EventLog.Embedded.Writing;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// Compaction by key, after Kafka's log cleaner: a pass learns the latest offset of each key in the part that is new and
/// old enough, then walks the partition from its beginning and rewrites the batches that hold superseded records, a few at
/// a time. Records keep their offsets. Each rewrite is a transaction of its own, so a pass may end anywhere: the next one
/// begins again and finds less to do.
/// </summary>
internal sealed class Compactor(BatchScan scan, LogWriter writer, BatchPool pool, LogMetrics metrics, EmbeddedLogOptions options)
{
    private const int LookBytes = 8 * 1024 * 1024;

    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public async Task RunAsync(PartitionState partition, PartitionUpkeep upkeep, Compaction policy, long now, CancellationToken cancellationToken)
    {
        var cutoff = now - (long)policy.Lag.TotalMilliseconds;
        CountDirty(partition, upkeep, cutoff, cancellationToken);
        if (!IsDue(upkeep, now))
        {
            return;
        }

        do
        {
            await RunPassAsync(partition, upkeep, now, now + (long)policy.TombstoneRetention.TotalMilliseconds, cancellationToken).ConfigureAwait(false);
            CountDirty(partition, upkeep, cutoff, cancellationToken);
        }
        while (upkeep.DirtyTo > upkeep.CleanedTo);
    }

    private bool IsDue(PartitionUpkeep upkeep, long now) =>
        upkeep.Horizon <= now
        || (upkeep.DirtyTo > upkeep.CleanedTo && upkeep.DirtyBytes >= options.MinCleanableRatio * (upkeep.CleanedBytes + upkeep.DirtyBytes));

    /// <summary>Goes on to the first batch with a record that is too young.</summary>
    private void CountDirty(PartitionState partition, PartitionUpkeep upkeep, long cutoff, CancellationToken cancellationToken)
    {
        while (scan.List(partition, upkeep.DirtyTo, partition.End, LookBytes) is { Count: > 0 } batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var batch in batches)
            {
                if (batch.MaxTimestamp > cutoff)
                {
                    return;
                }

                upkeep.AddDirty(batch.Last + 1, batch.Length);
            }
        }
    }

    private async Task RunPassAsync(PartitionState partition, PartitionUpkeep upkeep, long now, long newHorizon, CancellationToken cancellationToken)
    {
        var (latest, to) = LearnLatest(partition, upkeep.CleanedTo, upkeep.DirtyTo, cancellationToken);
        var rule = new CompactionRule(latest, now, newHorizon);
        var (bytes, horizon) = (0L, (long?)null);
        using var rewrite = new BatchRewrite(pool);
        for (var at = partition.Begin; at < to;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batches = scan.List(partition, at, to, LookBytes);
            if (batches.Count == 0)
            {
                break;
            }

            foreach (var batch in batches)
            {
                var joined = Examine(partition, batch, rule, rewrite);
                if (!joined || rewrite.IsFull)
                {
                    await FlushAsync().ConfigureAwait(false);
                }

                if (!joined)
                {
                    // It stays as it is.
                    bytes += batch.Length;
                    horizon = Earlier(horizon, batch.TombstoneHorizon);
                }

                at = batch.Last + 1;
            }
        }

        await FlushAsync().ConfigureAwait(false);
        await writer.MaintainAsync(connection => StoreCleaned(connection, partition.Id, to, bytes, horizon), null, cancellationToken).ConfigureAwait(false);
        upkeep.Cleaned(to, bytes, horizon);

        async Task FlushAsync()
        {
            if (rewrite.IsWorthIt)
            {
                await writer.MaintainAsync(connection => rewrite.Write(connection, partition.Id), null, cancellationToken).ConfigureAwait(false);
                metrics.Removed(rewrite.Removed, "compaction");
            }

            bytes += rewrite.Bytes;
            horizon = Earlier(horizon, rewrite.Horizon);
            rewrite.Clear();
        }
    }

    /// <returns>The latest offsets, and the offset after the last batch that is in them.</returns>
    private (LatestOffsets Latest, long To) LearnLatest(PartitionState partition, long from, long to, CancellationToken cancellationToken)
    {
        var latest = new LatestOffsets();
        while (scan.List(partition, from, to, LookBytes) is { Count: > 0 } batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var batch in batches)
            {
                if (latest.Count > 0 && latest.Count + batch.Count > options.MaxCompactionKeys)
                {
                    return (latest, from);
                }

                Decode(partition, batch, decoder =>
                {
                    while (decoder.MoveNext())
                    {
                        if (decoder.Current.Key is { } key)
                        {
                            latest.Put(key.Span, decoder.Current.Offset);
                        }
                    }

                    return true;
                });
                from = batch.Last + 1;
            }
        }

        return (latest, to);
    }

    /// <summary>Adds the batch to the rewrite; false where it is to stay as it is.</summary>
    private bool Examine(PartitionState partition, StoredBatch batch, CompactionRule rule, BatchRewrite rewrite)
    {
        if (!rule.MayTouch(batch) && !rewrite.IsSmall(batch))
        {
            return false;
        }

        return Decode(partition, batch, decoder =>
        {
            if (!rewrite.IsSmall(batch) && !rule.Touches(batch, decoder))
            {
                return false;
            }

            rewrite.Add(batch, decoder, rule);
            return true;
        });
    }

    private T Decode<T>(PartitionState partition, StoredBatch batch, Func<BatchDecoder, T> use)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(batch.Length);
        try
        {
            var data = buffer.AsMemory(0, batch.Length);
            scan.Read(partition, batch, data);
            return use(new BatchDecoder(batch.BaseOffset, data));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool StoreCleaned(SqliteConnection connection, int partition, long to, long bytes, long? horizon)
    {
        using var update = connection.Prepare("UPDATE partitions SET cleaned_offset = ?1, cleaned_bytes = ?2, tombstone_horizon = ?3 WHERE id = ?4");
        update.Bind(1, to).Bind(2, bytes).Bind(3, horizon).Bind(4, partition).Run();
        return true;
    }

    private static long? Earlier(long? one, long? other) => one is null || other < one ? other : one;
}
