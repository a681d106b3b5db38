using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// Many records, made into stored batches by their caller and not by the one writer: what the writer still does for them is to
/// number and insert batches. Offsets count from 0 in each partition until then.
/// </summary>
/// <param name="now">The time of records that bring none, in milliseconds since the Unix epoch.</param>
internal sealed class EncodedRecords(BatchPool pool, long now)
{
    private readonly Dictionary<PartitionState, PartitionBatches> _partitions = [];
    private readonly List<(PartitionState Partition, long Offset)> _places = [];

    public int Count => _places.Count;

    public long Bytes { get; private set; }

    public IReadOnlyCollection<PartitionBatches> Partitions => _partitions.Values;

    public void Add(TopicState topic, in LogRecord record)
    {
        var partition = topic.PartitionFor(record);
        if (!_partitions.TryGetValue(partition, out var batches))
        {
            _partitions.Add(partition, batches = new PartitionBatches(partition, first: 0));
        }

        var size = BatchBuilder.SizeOf(record.Key, record.Value, record.Headers);
        _places.Add((partition, batches.Add(record, size, now, pool)));
        Bytes += size;
    }

    /// <summary>Compresses what is not yet; nothing can be added any more.</summary>
    public EncodedRecords Seal()
    {
        foreach (var partition in _partitions.Values)
        {
            partition.Batches[^1].Seal();
        }

        return this;
    }

    /// <summary>Where the records stand, in the order they were added, now that each partition's next offset is known.</summary>
    public void Locate(CommitGroup group, Span<RecordPosition> positions)
    {
        for (var i = 0; i < _places.Count; i++)
        {
            var (partition, offset) = _places[i];
            positions[i] = new RecordPosition(partition.Name.Partition, group.NextOffset(partition) + offset);
        }
    }

    public long CountOf(PartitionState partition) => _partitions.TryGetValue(partition, out var batches) ? batches.Next : 0;

    /// <summary>Gives the batches back, where they have not become a group's.</summary>
    public void Release()
    {
        foreach (var partition in _partitions.Values)
        {
            partition.Batches.ForEach(pool.Return);
            partition.Batches.Clear();
        }
    }
}
