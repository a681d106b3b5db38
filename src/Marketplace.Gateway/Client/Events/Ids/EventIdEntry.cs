using System.Runtime.InteropServices;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Client.Events.Ids;

/// <summary>The hash of an event's id and where its first record stands; 24 bytes, as in a run's file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct EventIdEntry(ulong High, ulong Low, ulong Place) : IComparable<EventIdEntry>
{
    public const int Bytes = 24;
    private const int PartitionShift = 48;

    public EventIdEntry(UInt128 hash, RecordPosition first)
        : this((ulong)(hash >> 64), (ulong)hash, ((ulong)first.Partition << PartitionShift) | (ulong)first.Offset)
    {
    }

    public RecordPosition First => new((int)(Place >> PartitionShift), (long)(Place & ((1UL << PartitionShift) - 1)));

    public bool IsOf(UInt128 hash) => High == (ulong)(hash >> 64) && Low == (ulong)hash;

    public int CompareTo(EventIdEntry other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);
}
