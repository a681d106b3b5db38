using System.Buffers;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>
/// Reads the records of a partition from an offset, several stored batches at once, into pooled memory that the
/// returned batch owns. Safe for concurrent use; a read takes no lock.
/// </summary>
internal sealed class BatchReader(ReadPool pool, LogHealth health)
{
    [ThreadStatic]
    private static List<StoredBatch>? _listed;

    /// <returns>
    /// The records from <paramref name="from"/> on, or an empty batch at the end when none is left there;
    /// null when <paramref name="from"/> is no longer, or not yet, within the partition.
    /// </returns>
    public RecordBatch? Read(PartitionState partition, long from, int maxBytes)
    {
        var end = partition.End;
        if (from < partition.Begin || from > end)
        {
            return null;
        }

        var batch = ReadWithin(partition, from, end, maxBytes);

        // Retention moves the beginning before it deletes: what was read is whole if the beginning has not passed it.
        if (from < partition.Begin)
        {
            batch.Dispose();
            return null;
        }

        return batch;
    }

    private RecordBatch ReadWithin(PartitionState partition, long from, long end, int maxBytes)
    {
        var listed = _listed ??= [];
        var connection = pool.Rent();
        var broken = true;
        PooledRecords? records = null;
        try
        {
            connection.Begin();
            try
            {
                var bytes = connection.List(partition, from, end, maxBytes, listed);
                if (listed.Count > 0)
                {
                    records = new PooledRecords(bytes, listed.Sum(static batch => batch.Count));
                    foreach (var batch in listed)
                    {
                        ReadOne(connection, partition, batch, from, maxBytes, records);
                    }
                }
            }
            finally
            {
                connection.End();
            }

            broken = false;
            return records is null
                ? new RecordBatch(partition.Name, default, end, end)
                : new RecordBatch(partition.Name, records.Memory, records.Cut ?? listed[^1].Last + 1, end, records);
        }
        catch (Exception exception)
        {
            records?.Dispose();
            throw exception is SqliteException fault ? Explain(fault, partition, from) : exception;
        }
        finally
        {
            listed.Clear();
            if (broken)
            {
                // Its transaction may still be open; the next read must not inherit that.
                connection.Dispose();
            }
            else
            {
                pool.Return(connection);
            }
        }
    }

    private void ReadOne(ReadConnection connection, PartitionState partition, in StoredBatch batch, long from, int maxBytes, PooledRecords records)
    {
        var data = records.Take(batch.Length);
        if (!connection.TryRead(batch, data.Span))
        {
            throw health.Fail($"Stored records of {partition.Name} are damaged (offsets {batch.BaseOffset} to {batch.Last}).");
        }

        var decoder = new BatchDecoder(batch.BaseOffset, data);
        while (records.Cut is null && decoder.MoveNext())
        {
            if (decoder.Current.Offset >= from)
            {
                records.Add(decoder.Current, decoder.CurrentSize, maxBytes);
            }
        }
    }

    private Exception Explain(SqliteException fault, PartitionState partition, long from) => fault.IsTransient
        ? new LogUnavailableException($"{partition.Name} cannot be read at {from} now: {fault.Message}.", fault)
        : health.Fail($"{partition.Name} cannot be read at {from}: {fault.Message}.", fault);

    /// <summary>The memory of one batch, returned to the pools together.</summary>
    private sealed class PooledRecords(int bytes, int count) : IDisposable
    {
        private readonly byte[] _data = ArrayPool<byte>.Shared.Rent(bytes);
        private readonly StoredRecord[] _records = ArrayPool<StoredRecord>.Shared.Rent(count);
        private int _dataUsed;
        private int _recordsUsed;
        private int _recordBytes;

        public ReadOnlyMemory<StoredRecord> Memory => _records.AsMemory(0, _recordsUsed);

        /// <summary>Where the batch was full before its stored records ended.</summary>
        public long? Cut { get; private set; }

        public Memory<byte> Take(int length)
        {
            var taken = _data.AsMemory(_dataUsed, length);
            _dataUsed += length;
            return taken;
        }

        public void Add(in StoredRecord record, int size, int maxBytes)
        {
            if (_recordsUsed > 0 && _recordBytes + size > maxBytes)
            {
                Cut = record.Offset;
                return;
            }

            _records[_recordsUsed++] = record;
            _recordBytes += size;
        }

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(_data);
            ArrayPool<StoredRecord>.Shared.Return(_records);
        }
    }
}
