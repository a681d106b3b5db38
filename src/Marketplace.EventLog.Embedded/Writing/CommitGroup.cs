using Marketplace.EventLog.Embedded.Groups;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// What concurrent requests write in one transaction: batches by partition, and positions. Offsets are given here and
/// only become the partitions' own when the group is published. Used by the writer's thread only.
/// </summary>
internal sealed class CommitGroup(SqliteConnection connection, PositionTable positions, int batchBytes) : IDisposable
{
    private const int MaxSpare = 64;
    private readonly BatchTable _batches = new(connection);
    private readonly SqliteStatement _upsertPosition = connection.Prepare(
        """
        INSERT INTO positions (consumer_group, partition, offset, metadata) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET offset = excluded.offset, metadata = excluded.metadata
        """);

    private readonly Dictionary<PartitionState, Staged> _staged = [];
    private readonly Dictionary<(string Group, PartitionState Partition), GroupPosition> _positions = [];
    private readonly Stack<BatchBuilder> _spare = new();

    public int Records { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The time of records that bring none, in milliseconds since the Unix epoch.</summary>
    public long Now { get; set; }

    public bool IsEmpty => Records == 0 && _positions.Count == 0;

    public long NextOffset(PartitionState partition) => _staged.TryGetValue(partition, out var staged) ? staged.Next : partition.End;

    public RecordPosition Add(PartitionState partition, in LogRecord record)
    {
        if (!_staged.TryGetValue(partition, out var staged))
        {
            _staged.Add(partition, staged = new Staged(partition.End));
        }

        var size = BatchBuilder.SizeOf(record.Key, record.Value, record.Headers);
        if (staged.Batches.Count == 0 || !staged.Batches[^1].HasRoomFor(size))
        {
            staged.Batches.Add(_spare.TryPop(out var spare) ? spare : new BatchBuilder(batchBytes));
        }

        var offset = staged.Next++;
        staged.Batches[^1].Add(offset, record.Timestamp ?? Now, record.Key, record.Value, record.Headers);
        Records++;
        Bytes += size;
        return new RecordPosition(partition.Name.Partition, offset);
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
        foreach (var batch in _staged.Values.SelectMany(staged => staged.Batches))
        {
            if (_spare.Count < MaxSpare)
            {
                batch.Clear();
                _spare.Push(batch);
            }
            else
            {
                batch.Dispose();
            }
        }

        _staged.Clear();
        _positions.Clear();
        (Records, Bytes) = (0, 0);
    }

    public void Dispose()
    {
        Clear();
        foreach (var batch in _spare)
        {
            batch.Dispose();
        }

        _batches.Dispose();
        _upsertPosition.Dispose();
    }

    private sealed class Staged(long next)
    {
        public long Next { get; set; } = next;

        public List<BatchBuilder> Batches { get; } = [];
    }
}
