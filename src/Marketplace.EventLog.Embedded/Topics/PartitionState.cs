using System.Collections.Immutable;
using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Storage;

namespace Marketplace.EventLog.Embedded.Topics;

/// <summary>What is known in memory of a partition: the offsets readers see, and who waits for more.</summary>
internal sealed class PartitionState(int id, TopicPartition name, long begin, long end)
{
    private long _begin = begin;
    private long _end = end;
    private ImmutableArray<WakeSignal> _readers = [];

    public int Id { get; } = id;

    public TopicPartition Name { get; } = name;

    public long Begin
    {
        get => Volatile.Read(ref _begin);
        set => Volatile.Write(ref _begin, value);
    }

    /// <summary>The offset after the last durable record.</summary>
    public long End => Volatile.Read(ref _end);

    public OffsetRange Range
    {
        get
        {
            // The beginning first: it never passes an end read after it.
            var begin = Begin;
            return new OffsetRange(begin, End);
        }
    }

    public long FirstRowId => RowId.Of(Id, 0);

    public long LastRowId => RowId.Of(Id, RowId.MaxOffset);

    /// <summary>Shows readers the records before <paramref name="end"/> and wakes those that wait.</summary>
    public void Publish(long end)
    {
        Volatile.Write(ref _end, end);

        // A reader subscribes and then looks at the end; with the fence, either it sees this end or is seen here.
        Interlocked.MemoryBarrier();
        foreach (var reader in _readers)
        {
            reader.Set();
        }
    }

    public void Subscribe(WakeSignal reader) => ImmutableInterlocked.Update(ref _readers, static (readers, added) => readers.Add(added), reader);

    public void Unsubscribe(WakeSignal reader) => ImmutableInterlocked.Update(ref _readers, static (readers, removed) => readers.Remove(removed), reader);
}
