using System.Buffers;
using Marketplace.EventLog.Embedded.Maintenance;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;
using SQLitePCL;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>Finds stored batches and reads their bytes.</summary>
internal sealed class ReadConnection(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _begin = connection.Prepare("BEGIN");
    private readonly SqliteStatement _commit = connection.Prepare("COMMIT");
    private readonly SqliteStatement _select = connection.Prepare(
        """
        SELECT id, last, count, max_timestamp, tombstone_horizon, crc, length(data), bytes FROM batches
        WHERE id >= ifnull((SELECT id FROM batches WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1), ?1) AND id <= ?3
        ORDER BY id
        """);

    /// <summary>A buffer that one large batch made larger than this is let go.</summary>
    private const int KeptBytes = 512 * 1024;

    private byte[] _compressed = [];
    private sqlite3_blob? _blob;

    /// <summary>
    /// Lists the stored batches that hold <paramref name="from"/> or come after it, before <paramref name="to"/>: as many as fit
    /// <paramref name="maxBytes"/>, and at least one if there is any. <see cref="Begin"/> has to have been called.
    /// </summary>
    /// <returns>The bytes they hold.</returns>
    public int List(PartitionState partition, long from, long to, int maxBytes, List<StoredBatch> into)
    {
        var bytes = 0;
        try
        {
            _select.Bind(1, partition.FirstRowId).Bind(2, RowId.Of(partition.Id, from)).Bind(3, RowId.Of(partition.Id, to - 1));
            while (_select.Step())
            {
                var batch = new StoredBatch(
                    _select.GetInt64(0),
                    _select.GetInt64(1),
                    (int)_select.GetInt64(2),
                    _select.GetInt64(3),
                    _select.GetNullableInt64(4),
                    (uint)_select.GetInt64(5),
                    (int)_select.GetInt64(6),
                    (int?)_select.GetNullableInt64(7));
                if (batch.Last < from)
                {
                    continue;
                }

                if (into.Count > 0 && bytes + batch.Length > maxBytes)
                {
                    break;
                }

                into.Add(batch);
                bytes += batch.Length;
            }

            return bytes;
        }
        finally
        {
            _select.Reset();
        }
    }

    /// <summary>Reads a batch's records, which are <see cref="StoredBatch.Length"/> bytes, and checks them.</summary>
    /// <returns>False when they are damaged.</returns>
    public bool TryRead(in StoredBatch batch, Span<byte> into)
    {
        // One handle moved from row to row, and no copy but the decompression into the caller's memory.
        if (_blob is null)
        {
            _blob = connection.OpenBlob("batches", "data", batch.RowId);
        }
        else
        {
            connection.Check(raw.sqlite3_blob_reopen(_blob, batch.RowId));
        }

        var stored = batch.IsCompressed ? Room(batch.StoredLength) : into;
        connection.Check(raw.sqlite3_blob_read(_blob, stored, 0));
        return Crc32C.Of(batch.RowId, batch.Last, batch.Count, batch.RecordBytes, stored) == batch.Crc
            && (!batch.IsCompressed || BatchCompression.TryDecompress(stored, into));
    }

    public PartitionUpkeep LoadUpkeep(PartitionState partition)
    {
        using var select = connection.Prepare("SELECT cleaned_offset, cleaned_bytes, tombstone_horizon FROM partitions WHERE id = ?1");
        return select.Bind(1, partition.Id).Step()
            ? new PartitionUpkeep(select.GetInt64(0), select.GetInt64(1), select.GetNullableInt64(2))
            : throw new InvalidOperationException($"No row: partition {partition.Id}");
    }

    public (long Free, long All) CountPages() => (connection.QueryInt64("PRAGMA freelist_count"), connection.QueryInt64("PRAGMA page_count"));

    /// <summary>Begins a snapshot: all reads until <see cref="End"/> see one state of the log.</summary>
    public void Begin() => _begin.Run();

    public void End()
    {
        _blob?.Dispose();
        _blob = null;
        _commit.Run();
    }

    public void Dispose()
    {
        _blob?.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _select.Dispose();
        Return();
        connection.Dispose();
    }

    /// <summary>Memory for what is stored, until the next batch.</summary>
    private Span<byte> Room(int length)
    {
        if (_compressed.Length < length || (_compressed.Length > KeptBytes && length <= KeptBytes))
        {
            Return();
            _compressed = ArrayPool<byte>.Shared.Rent(length);
        }

        return _compressed.AsSpan(0, length);
    }

    private void Return()
    {
        if (_compressed.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_compressed);
            _compressed = [];
        }
    }
}

/// <summary>A stored batch without its bytes.</summary>
/// <param name="Last">The last offset it stands for; compaction may have removed the record itself.</param>
/// <param name="StoredLength">Bytes in the file.</param>
/// <param name="RecordBytes">Bytes of the records, where they are compressed.</param>
internal readonly record struct StoredBatch(long RowId, long Last, int Count, long MaxTimestamp, long? TombstoneHorizon, uint Crc, int StoredLength, int? RecordBytes)
{
    public bool IsCompressed => RecordBytes is not null;

    /// <summary>Bytes of the records.</summary>
    public int Length => RecordBytes ?? StoredLength;

    public long BaseOffset => Storage.RowId.OffsetOf(RowId);
}
