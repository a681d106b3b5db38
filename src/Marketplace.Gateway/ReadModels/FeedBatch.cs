using Marketplace.EventLog;

namespace Marketplace.Gateway.ReadModels;

/// <summary>A batch of a topic that several models read; given back when the last of them is done with it.</summary>
public abstract class FeedBatch(RecordBatch records, int models)
{
    private int _users = models;

    /// <summary>When the latest record was written, in milliseconds since the Unix epoch; null where there is none.</summary>
    public long? LastTimestamp => records.Count > 0 ? records.Records[^1].Timestamp : null;

    public int Partition => records.Partition.Partition;

    public long NextOffset => records.NextOffset;

    /// <summary>Nothing of the partition was left when this was read.</summary>
    public bool AtEnd => records.AtEnd;

    public int Count => records.Count;

    public ref readonly StoredRecord this[int index] => ref records.Records[index];

    /// <summary>The index of the first record at or after this offset.</summary>
    public int IndexOf(long offset)
    {
        var index = 0;
        while (index < Count && this[index].Offset < offset)
        {
            index++;
        }

        return index;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            records.Dispose();
        }
    }
}
