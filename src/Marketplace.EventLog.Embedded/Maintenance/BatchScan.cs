using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// Looks at stored batches for maintenance, each look a short snapshot of its own. What one look has seen stays until
/// maintenance itself removes it: nothing else does.
/// </summary>
internal sealed class BatchScan(ReadPool pool, LogHealth health)
{
    /// <summary>Lists the batches that hold offsets from <paramref name="from"/> to before <paramref name="to"/>, up to so many bytes; at least one if there is any.</summary>
    public List<StoredBatch> List(PartitionState partition, long from, long to, int maxBytes)
    {
        var listed = new List<StoredBatch>();
        if (from < to)
        {
            Look(connection => connection.List(partition, from, to, maxBytes, listed));
        }

        return listed;
    }

    /// <summary>Reads a batch's bytes; <paramref name="into"/> has its length.</summary>
    /// <exception cref="LogFailedException">They are damaged; the log has failed.</exception>
    public void Read(PartitionState partition, StoredBatch batch, Memory<byte> into)
    {
        if (!Look(connection => connection.TryRead(batch, into.Span)))
        {
            throw health.Fail($"Stored records of {partition.Name} are damaged (offsets {batch.BaseOffset} to {batch.Last}).");
        }
    }

    public PartitionUpkeep LoadUpkeep(PartitionState partition) => Look(connection => connection.LoadUpkeep(partition));

    /// <summary>The database's pages that hold nothing, and all of them.</summary>
    public (long Free, long All) CountPages() => Look(static connection => connection.CountPages());

    private T Look<T>(Func<ReadConnection, T> look)
    {
        var connection = pool.Rent();
        try
        {
            connection.Begin();
            var result = look(connection);
            connection.End();
            pool.Return(connection);
            return result;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            throw exception is not SqliteException fault ? exception
                : fault.IsTransient ? new LogUnavailableException($"The log cannot be read now: {fault.Message}.", fault)
                : health.Fail($"The log cannot be read: {fault.Message}.", fault);
        }
    }
}
