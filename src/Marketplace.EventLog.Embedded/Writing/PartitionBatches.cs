using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>Records of one partition in batches that are being filled, the last one still open.</summary>
/// <param name="first">The offset of the first record: the partition's end, or 0 while that is not known.</param>
internal sealed class PartitionBatches(PartitionState partition, long first)
{
    public PartitionState Partition { get; } = partition;

    public List<BatchBuilder> Batches { get; } = [];

    /// <summary>The offset of the next record.</summary>
    public long Next { get; set; } = first;

    /// <summary>Adds a record and returns its offset.</summary>
    /// <param name="size">Its encoded size.</param>
    /// <param name="now">The time of a record that brings none, in milliseconds since the Unix epoch.</param>
    public long Add(in LogRecord record, int size, long now, BatchPool pool)
    {
        if (Batches.Count == 0 || !Batches[^1].HasRoomFor(size))
        {
            if (Batches.Count > 0)
            {
                Batches[^1].Seal();
            }

            Batches.Add(pool.Rent());
        }

        Batches[^1].Add(Next, record.Timestamp ?? now, record.Key, record.Value, record.Headers);
        return Next++;
    }
}
