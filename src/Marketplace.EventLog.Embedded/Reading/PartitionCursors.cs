using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>The partitions a reader reads and its position in each; partitions take turns. One caller at a time.</summary>
internal sealed class PartitionCursors(BatchReader reader, ReaderOptions options, WakeSignal signal) : IDisposable
{
    private readonly List<Cursor> _cursors = [];
    private int _turn;

    public void Add(PartitionState partition, long position)
    {
        var cursor = new Cursor(partition);
        cursor.Seek(position);
        _cursors.Add(cursor);
        partition.Subscribe(signal);
    }

    /// <summary>Forgets a partition, if it is here.</summary>
    public void Remove(PartitionState partition)
    {
        if (_cursors.RemoveAll(cursor => cursor.Partition == partition) > 0)
        {
            partition.Unsubscribe(signal);
        }
    }

    public long PositionOf(TopicPartition partition) => Find(partition).Position;

    public void Seek(TopicPartition partition, long offset) => Find(partition).Seek(offset);

    /// <summary>The next batch of the next partition that has something; null when none has.</summary>
    public RecordBatch? TryRead()
    {
        for (var tried = 0; tried < _cursors.Count; tried++)
        {
            _turn = (_turn + 1) % _cursors.Count;
            var cursor = _cursors[_turn];
            if (cursor.Position != cursor.Partition.End)
            {
                return Read(cursor);
            }
        }

        return null;
    }

    private RecordBatch Read(Cursor cursor)
    {
        while (true)
        {
            if (reader.Read(cursor.Partition, cursor.Position, options.MaxBatchBytes) is { } batch)
            {
                cursor.MoveTo(batch.NextOffset);
                return batch;
            }

            if (!options.ResetToBegin && !cursor.FollowsBegin)
            {
                throw new OffsetOutOfRangeException(cursor.Partition.Name, cursor.Position, cursor.Partition.Range);
            }

            cursor.Seek(LogOffset.Begin);
        }
    }

    private Cursor Find(TopicPartition partition) => _cursors.Find(cursor => cursor.Partition.Name == partition)
        ?? throw new ArgumentException($"{partition} is not among the reader's partitions.", nameof(partition));

    public void Dispose()
    {
        foreach (var cursor in _cursors)
        {
            cursor.Partition.Unsubscribe(signal);
        }

        _cursors.Clear();
    }

    private sealed class Cursor(PartitionState partition)
    {
        public PartitionState Partition { get; } = partition;

        public long Position { get; private set; }

        /// <summary>True until the first read after a seek to the beginning: whoever asked for it means where it is then.</summary>
        public bool FollowsBegin { get; private set; }

        public void Seek(long offset)
        {
            MoveTo(offset switch
            {
                LogOffset.Begin => Partition.Begin,
                LogOffset.End => Partition.End,
                _ => offset,
            });
            FollowsBegin = offset == LogOffset.Begin;
        }

        public void MoveTo(long position) => (Position, FollowsBegin) = (position, false);
    }
}
