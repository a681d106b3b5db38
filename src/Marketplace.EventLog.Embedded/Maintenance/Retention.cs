using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Topics;
using Marketplace.EventLog.Embedded.Writing;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// Deletes a partition's oldest batches, by age and by size. The beginning moves first and durably, the deletion follows in
/// small transactions; what a crash leaves below the beginning is deleted the next time.
/// </summary>
internal sealed class Retention(BatchScan scan, LogWriter writer, LogMetrics metrics)
{
    private const int LookBytes = 8 * 1024 * 1024;
    private const int StepBytes = 4 * 1024 * 1024;
    private const int StepBatches = 2000;

    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public async Task RunAsync(PartitionState partition, PartitionUpkeep upkeep, TopicSpec spec, long now, CancellationToken cancellationToken)
    {
        var (begin, bytes) = FindBegin(partition, upkeep, spec, now, cancellationToken);
        if (begin > partition.Begin)
        {
            await writer.MaintainAsync(
                connection => MoveBegin(connection, partition.Id, begin), moved => partition.Begin = moved, cancellationToken).ConfigureAwait(false);
            upkeep.BeginsAt(begin, bytes);
        }

        await DeleteBelowBeginAsync(partition, cancellationToken).ConfigureAwait(false);
    }

    private static long MoveBegin(SqliteConnection connection, int partition, long begin)
    {
        // The next offset too: when the last batch goes, nothing else tells it.
        using var update = connection.Prepare("UPDATE partitions SET begin_offset = ?1, next_offset = max(next_offset, ?1) WHERE id = ?2");
        update.Bind(1, begin).Bind(2, partition).Run();
        return begin;
    }

    /// <returns>Where the partition is to begin, and the bytes of the batches before it that are to go.</returns>
    private (long Begin, long Bytes) FindBegin(PartitionState partition, PartitionUpkeep upkeep, TopicSpec spec, long now, CancellationToken cancellationToken)
    {
        var (begin, end, bytes) = (partition.Begin, partition.End, 0L);
        if (spec.RetentionBytes is not null)
        {
            CountStored(partition, upkeep, end, cancellationToken);
        }

        while (scan.List(partition, begin, end, LookBytes) is { Count: > 0 } batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var batch in batches)
            {
                if (!IsOld(batch) && !IsBeyond(batch))
                {
                    return (begin, bytes);
                }

                begin = batch.Last + 1;
                bytes += batch.Length;
            }
        }

        return (begin, bytes);

        bool IsOld(in StoredBatch batch) => spec.RetentionTime is { } time && now - batch.MaxTimestamp > (long)time.TotalMilliseconds;

        bool IsBeyond(in StoredBatch batch) => spec.RetentionBytes is { } limit && upkeep.StoredBytes - bytes - batch.Length >= limit;
    }

    private void CountStored(PartitionState partition, PartitionUpkeep upkeep, long end, CancellationToken cancellationToken)
    {
        while (scan.List(partition, Math.Max(upkeep.CountedTo, partition.Begin), end, LookBytes) is { Count: > 0 } batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var batch in batches)
            {
                upkeep.AddStored(batch.Last + 1, batch.Length);
            }
        }
    }

    private async Task DeleteBelowBeginAsync(PartitionState partition, CancellationToken cancellationToken)
    {
        while (scan.List(partition, 0, partition.Begin, StepBytes) is { Count: > 0 } batches)
        {
            var step = batches.Take(StepBatches).ToList();
            await writer.MaintainAsync(connection => Delete(connection, step[0].RowId, step[^1].RowId), null, cancellationToken).ConfigureAwait(false);
            metrics.Removed(step.Sum(static batch => batch.Count), "retention");
        }
    }

    private static bool Delete(SqliteConnection connection, long first, long last)
    {
        BatchTable.Delete(connection, first, last);
        return true;
    }
}
