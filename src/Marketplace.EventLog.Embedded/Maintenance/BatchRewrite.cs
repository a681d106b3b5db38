using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Writing;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>Neighbouring batches and what takes their place: the records that stay, in as few batches as they fill.</summary>
internal sealed class BatchRewrite(BatchPool pool) : IDisposable
{
    private const int MaxInputs = 1000;
    private const int MaxInputBytes = 4 * 1024 * 1024;
    private const int MaxOutputBytes = 1024 * 1024;

    private readonly List<BatchBuilder> _outputs = [];
    private int _inputs;
    private int _inputBytes;
    private int _records;
    private bool _horizonSet;
    private long _firstRow;
    private long _lastRow;
    private long _last;

    /// <summary>Records that went.</summary>
    public int Removed { get; private set; }

    /// <summary>True where one transaction should not take more.</summary>
    public bool IsFull => _inputs >= MaxInputs || _inputBytes >= MaxInputBytes || Bytes >= MaxOutputBytes;

    /// <summary>False where the batches may stay as they are, or there are none.</summary>
    public bool IsWorthIt => Removed > 0 || _horizonSet || _outputs.Count < _inputs;

    /// <summary>Bytes of the batches that take the place.</summary>
    public int Bytes => _outputs.Sum(static output => output.Length);

    /// <summary>The earliest horizon of those.</summary>
    public long? Horizon => _outputs.Min(static output => output.TombstoneHorizon);

    /// <summary>True where a batch is so small that it is worth joining with its neighbours.</summary>
    public bool IsSmall(in StoredBatch batch) => batch.Length < pool.BatchBytes / 2;

    public void Add(in StoredBatch batch, BatchDecoder decoder, CompactionRule rule)
    {
        if (_inputs++ == 0)
        {
            _firstRow = batch.RowId;
        }

        (_lastRow, _last) = (batch.RowId, batch.Last);
        _inputBytes += batch.Length;
        while (decoder.MoveNext())
        {
            var record = decoder.Current;
            if (!rule.Keeps(batch, record))
            {
                Removed++;
                continue;
            }

            var horizon = CompactionRule.IsTombstone(record) ? rule.HorizonOf(batch, record) : null;
            _horizonSet |= horizon is not null && batch.TombstoneHorizon is null;
            var output = OutputFor(record, decoder.CurrentSize, horizon);
            output.Add(record.Offset, record.Timestamp, record.Key, record.Value, record.Headers);
            output.TombstoneHorizon ??= horizon;
            _records++;
        }
    }

    /// <summary>Puts the new batches in the place of the old; to be called inside a transaction.</summary>
    /// <returns>How many records stayed.</returns>
    public int Write(SqliteConnection connection, int partitionId)
    {
        BatchTable.Delete(connection, _firstRow, _lastRow);
        using var table = new BatchTable(connection);
        if (_outputs.Count > 0)
        {
            // The last one stands for the offsets that went after its records, too.
            _outputs[^1].LastOffset = _last;
        }

        foreach (var output in _outputs)
        {
            table.Insert(partitionId, output);
        }

        // When the partition's last batch goes, nothing else tells the next offset.
        using var update = connection.Prepare("UPDATE partitions SET next_offset = max(next_offset, ?1) WHERE id = ?2");
        update.Bind(1, _last + 1).Bind(2, partitionId).Run();
        return _records;
    }

    public void Clear()
    {
        _outputs.ForEach(pool.Return);
        _outputs.Clear();
        (_inputs, _inputBytes, _records, Removed, _horizonSet) = (0, 0, 0, 0, false);
    }

    public void Dispose() => Clear();

    /// <summary>Tombstones of one batch go at one time; so one with another time begins a new batch.</summary>
    private BatchBuilder OutputFor(in StoredRecord record, int size, long? horizon)
    {
        if (_outputs.Count > 0
            && _outputs[^1] is var last
            && last.HasRoomFor(size)
            && record.Offset - last.BaseOffset <= int.MaxValue
            && (horizon is null || last.TombstoneHorizon is null || last.TombstoneHorizon == horizon))
        {
            return last;
        }

        _outputs.Add(pool.Rent());
        return _outputs[^1];
    }
}
