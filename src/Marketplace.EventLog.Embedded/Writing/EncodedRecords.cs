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
    private readonly Dictionary<PartitionState, Run> _runs = [];
    private readonly List<Run> _runOf = [];

    public int Count => _runOf.Count;

    public long Bytes { get; private set; }

    public IReadOnlyCollection<Run> Runs => _runs.Values;

    public void Add(TopicState topic, in LogRecord record)
    {
        var partition = topic.PartitionFor(record);
        if (!_runs.TryGetValue(partition, out var run))
        {
            _runs.Add(partition, run = new Run(partition));
        }

        var size = BatchBuilder.SizeOf(record.Key, record.Value, record.Headers);
        if (run.Batches.Count == 0 || !run.Batches[^1].HasRoomFor(size))
        {
            if (run.Batches.Count > 0)
            {
                run.Batches[^1].Seal();
            }

            run.Batches.Add(pool.Rent());
        }

        run.Batches[^1].Add(run.Count++, record.Timestamp ?? now, record.Key, record.Value, record.Headers);
        _runOf.Add(run);
        Bytes += size;
    }

    /// <summary>Compresses what is not yet; nothing can be added any more.</summary>
    public EncodedRecords Seal()
    {
        foreach (var run in _runs.Values)
        {
            run.Batches[^1].Seal();
        }

        return this;
    }

    /// <summary>Where the records stand, in the order they were added, now that each partition's next offset is known.</summary>
    public void Locate(CommitGroup group, Span<RecordPosition> positions)
    {
        foreach (var run in _runs.Values)
        {
            run.Next = group.NextOffset(run.Partition);
        }

        for (var i = 0; i < _runOf.Count; i++)
        {
            var run = _runOf[i];
            positions[i] = new RecordPosition(run.Partition.Name.Partition, run.Next++);
        }
    }

    public int CountOf(PartitionState partition) => _runs.TryGetValue(partition, out var run) ? run.Count : 0;

    /// <summary>Gives the batches back, where they have not become a group's.</summary>
    public void Release()
    {
        foreach (var run in _runs.Values)
        {
            run.Batches.ForEach(pool.Return);
            run.Batches.Clear();
        }
    }

    /// <summary>The records of one partition.</summary>
    public sealed class Run(PartitionState partition)
    {
        public PartitionState Partition { get; } = partition;

        public List<BatchBuilder> Batches { get; } = [];

        public int Count { get; set; }

        /// <summary>Used while records are located.</summary>
        public long Next { get; set; }
    }
}
