using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>Inserts stored batches over one prepared statement, and deletes them.</summary>
internal sealed class BatchTable(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _insert = connection.Prepare(
        "INSERT INTO batches (id, last, count, max_timestamp, tombstone_horizon, crc, data, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    public void Insert(int partitionId, BatchBuilder batch)
    {
        var rowId = RowId.Of(partitionId, batch.BaseOffset);
        batch.Seal();
        var recordBytes = batch.IsCompressed ? batch.Length : default(int?);
        _insert
            .Bind(1, rowId)
            .Bind(2, batch.LastOffset)
            .Bind(3, batch.Count)
            .Bind(4, batch.MaxTimestamp)
            .Bind(5, batch.TombstoneHorizon)
            .Bind(6, Crc32C.Of(rowId, batch.LastOffset, batch.Count, recordBytes, batch.Stored))
            .Bind(7, batch.Stored)
            .Bind(8, recordBytes)
            .Run();
    }

    /// <summary>Deletes the batches from one row to another, both included.</summary>
    public static void Delete(SqliteConnection connection, long first, long last)
    {
        using var delete = connection.Prepare("DELETE FROM batches WHERE id BETWEEN ?1 AND ?2");
        delete.Bind(1, first).Bind(2, last).Run();
    }

    public void Dispose() => _insert.Dispose();
}
