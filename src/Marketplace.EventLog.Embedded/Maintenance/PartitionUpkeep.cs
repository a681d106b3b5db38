namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>What maintenance knows of a partition between its runs, so that a run looks only at what is new.</summary>
/// <param name="cleanedTo">Below this offset each key has one record (stored).</param>
/// <param name="cleanedBytes">Bytes of the batches below it (stored).</param>
/// <param name="horizon">When the next of its tombstones may go, in milliseconds since the Unix epoch (stored).</param>
internal sealed class PartitionUpkeep(long cleanedTo, long cleanedBytes, long? horizon)
{
    public long CleanedTo { get; private set; } = cleanedTo;

    public long CleanedBytes { get; private set; } = cleanedBytes;

    public long? Horizon { get; private set; } = horizon;

    /// <summary>From <see cref="CleanedTo"/> to here records are old enough to be compacted.</summary>
    public long DirtyTo { get; private set; } = cleanedTo;

    public long DirtyBytes { get; private set; }

    /// <summary>Up to this offset <see cref="StoredBytes"/> counts.</summary>
    public long CountedTo { get; private set; }

    public long StoredBytes { get; private set; }

    public void AddDirty(long to, int bytes) => (DirtyTo, DirtyBytes) = (to, DirtyBytes + bytes);

    public void AddStored(long to, int bytes) => (CountedTo, StoredBytes) = (to, StoredBytes + bytes);

    public void Cleaned(long to, long bytes, long? horizon)
    {
        (CleanedTo, CleanedBytes, Horizon) = (to, bytes, horizon);
        (DirtyTo, DirtyBytes) = (to, 0);
        (CountedTo, StoredBytes) = (0, 0);
    }

    /// <summary>The partition begins here; batches of so many bytes before it are gone.</summary>
    public void BeginsAt(long begin, long bytes = 0)
    {
        StoredBytes = Math.Max(0, StoredBytes - bytes);
        if (CleanedTo < begin)
        {
            Cleaned(begin, 0, null);
        }
    }
}
