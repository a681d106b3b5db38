using Marketplace.EventLog;

namespace Marketplace.Gateway.ReadModels;

/// <summary>A batch of a topic that several models read; given back when the last of them is done with it.</summary>
public abstract class FeedBatch(RecordBatch records, int models)
{
    private int _users = models;

    /// <inheritdoc cref="RecordBatch.LastTimestamp"/>
    public long? LastTimestamp => records.LastTimestamp;

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
