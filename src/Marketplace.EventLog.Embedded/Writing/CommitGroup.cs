using Marketplace.EventLog.Embedded.Groups;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// What concurrent requests write in one transaction: batches by partition, and positions. Offsets are given here and
/// only become the partitions' own when the group is published. Used by the writer's thread only.
/// </summary>
internal sealed class CommitGroup(SqliteConnection connection, PositionTable positions, BatchPool pool) : IDisposable
{
    private readonly BatchTable _batches = new(connection);
    private readonly SqliteStatement _upsertPosition = connection.Prepare(
        """
        INSERT INTO positions (consumer_group, partition, offset, metadata) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET offset = excluded.offset, metadata = excluded.metadata
        """);

    private readonly Dictionary<PartitionState, PartitionBatches> _staged = [];
    private readonly Dictionary<(string Group, PartitionState Partition), GroupPosition> _positions = [];

    public int Records { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The time of records that bring none, in milliseconds since the Unix epoch.</summary>
    public long Now { get; set; }

    public bool IsEmpty => Records == 0 && _positions.Count == 0;

    public long NextOffset(PartitionState partition) => _staged.TryGetValue(partition, out var staged) ? staged.Next : partition.End;

    public RecordPosition Add(PartitionState partition, in LogRecord record)
    {
        var size = BatchBuilder.SizeOf(record.Key, record.Value, record.Headers);
        var offset = StagedOf(partition).Add(record, size, Now, pool);
        Records++;
        Bytes += size;
        return new RecordPosition(partition.Name.Partition, offset);
    }

    /// <summary>Takes over the batches of a request.</summary>
    public void Add(EncodedRecords records)
    {
        foreach (var added in records.Partitions)
        {
            var staged = StagedOf(added.Partition);
            added.Batches.ForEach(batch => batch.Shift(staged.Next));
            staged.Batches.AddRange(added.Batches);
            staged.Next += added.Next;
            added.Batches.Clear();
        }

        Records += records.Count;
        Bytes += records.Bytes;
    }

    public void SetPosition(string group, PartitionState partition, GroupPosition position) => _positions[(group, partition)] = position;

    /// <summary>Writes all of it; to be called inside a transaction.</summary>
    public void Write()
    {
        foreach (var (partition, staged) in _staged)
        {
            foreach (var batch in staged.Batches)
            {
                _batches.Insert(partition.Id, batch);
            }
        }

        foreach (var ((group, partition), position) in _positions)
        {
            _upsertPosition.Bind(1, group).Bind(2, partition.Id).Bind(3, position.Offset).Bind(4, position.Metadata).Run();
        }
    }

    /// <summary>Shows it to readers; to be called when the transaction is durable.</summary>
    public void Publish()
    {
        // Records first: who sees a position sees all that was written up to it.
        foreach (var (partition, staged) in _staged)
        {
            partition.Publish(staged.Next);
        }

        if (_positions.Count > 0)
        {
            positions.Publish(_positions);
        }
    }

    public void Clear()
    {
        foreach (var staged in _staged.Values)
        {
            staged.Batches.ForEach(pool.Return);
        }

        _staged.Clear();
        _positions.Clear();
        (Records, Bytes) = (0, 0);
    }

    public void Dispose()
    {
        Clear();
        _batches.Dispose();
        _upsertPosition.Dispose();
    }

    private PartitionBatches StagedOf(PartitionState partition)
    {
        if (!_staged.TryGetValue(partition, out var staged))
        {
            _staged.Add(partition, staged = new PartitionBatches(partition, partition.End));
        }

        return staged;
    }
}
