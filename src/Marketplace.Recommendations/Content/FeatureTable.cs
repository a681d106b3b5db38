using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Content;

/// <summary>
/// Numbers features by their hash. Only the upper 36 bits tell them apart: at a million features some seven pairs are taken
/// for one, which likeness does not notice. Used by the writer alone.
/// </summary>
internal sealed class FeatureTable
{
    public const int IdBits = 28;
    private const ulong IdMask = (1UL << IdBits) - 1;

    private ulong[] _slots = new ulong[1024];

    public int Count { get; private set; }

    public int FindOrAdd(ulong hash)
    {
        var at = Locate(_slots, hash);
        if (_slots[at] != 0)
        {
            return (int)(_slots[at] & IdMask) - 1;
        }

        if ((Count + 1) * 3L > _slots.Length * 2L)
        {
            Grow();
            at = Locate(_slots, hash);
        }

        _slots[at] = (hash & ~IdMask) | (uint)(++Count);
        return Count - 1;
    }

    public void Save(SnapshotWriter writer)
    {
        writer.Write(Count);
        writer.Write(_slots.Length);
        writer.Write<ulong>(_slots);
    }

    public void Load(SnapshotReader reader)
    {
        Count = reader.ReadCount();
        _slots = new ulong[reader.ReadCount(Array.MaxLength)];
        reader.Read(_slots.AsSpan());
    }

    private void Grow()
    {
        var grown = new ulong[_slots.Length * 2];
        foreach (var slot in _slots)
        {
            if (slot != 0)
            {
                grown[Locate(grown, slot)] = slot;
            }
        }

        _slots = grown;
    }

    /// <summary>The slot of this hash, or the free one where it belongs.</summary>
    private static int Locate(ulong[] slots, ulong hash)
    {
        var mask = slots.Length - 1;
        var at = (int)(hash >> IdBits) & mask;
        while (slots[at] != 0 && ((slots[at] ^ hash) & ~IdMask) != 0)
        {
            at = (at + 1) & mask;
        }

        return at;
    }
}
