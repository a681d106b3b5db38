using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Content;

/// <summary>
/// The newest items of each feature. The first costs no object; more go to a ring of at most <see cref="MaxLength"/>: what
/// thousands share tells little apart, so a bounded sample is enough, and both memory and a query's work stay bounded.
/// A posting may be stale: the item's own feature list decides.
/// </summary>
internal sealed class Postings
{
    public const int MaxLength = 512;
    private const int FirstCapacity = 3;

    /// <summary>By feature: its only item, plus one.</summary>
    private readonly ChunkedArray<int> _single = new();

    /// <summary>By feature: how many were added, then the items.</summary>
    private readonly ChunkedArray<int[]> _rings = new();

    /// <summary>Copies the feature's items to <paramref name="items"/> (as many as fit) and returns how many.</summary>
    public int Copy(int feature, Span<int> items)
    {
        if (_rings.Read(feature) is { } ring)
        {
            var length = Math.Min(Math.Min(Volatile.Read(ref ring[0]), ring.Length - 1), items.Length);
            ring.AsSpan(1, length).CopyTo(items);
            return length;
        }

        var single = _single.Read(feature);
        if (single == 0 || items.IsEmpty)
        {
            return 0;
        }

        items[0] = single - 1;
        return 1;
    }

    /// <param name="mayBeThere">The item had other features before, so it may have had this one, too.</param>
    public void Add(int feature, int item, bool mayBeThere)
    {
        if (_rings.Read(feature) is { } ring)
        {
            AddToRing(feature, item, mayBeThere, ring);
            return;
        }

        ref var single = ref _single.At(feature);
        if (single == 0)
        {
            single = item + 1;
        }
        else if (single != item + 1)
        {
            var first = new int[1 + FirstCapacity];
            (first[0], first[1], first[2]) = (2, single - 1, item);
            Volatile.Write(ref _rings.At(feature)!, first);
        }
    }

    public void Save(SnapshotWriter writer)
    {
        _single.Save(writer);
        writer.Write(_rings.Extent);
        for (int feature = 0, extent = _rings.Extent; feature < extent; feature++)
        {
            var ring = _rings.Read(feature);
            writer.Write((ushort)(ring?.Length ?? 0));
            writer.Write<int>(ring);
        }
    }

    public void Load(SnapshotReader reader)
    {
        _single.Load(reader);
        var features = reader.ReadCount();
        for (var feature = 0; feature < features; feature++)
        {
            var length = reader.Read<ushort>();
            if (length > 0)
            {
                reader.Read((_rings.At(feature) = new int[length]).AsSpan());
            }
        }
    }

    private void AddToRing(int feature, int item, bool mayBeThere, int[] ring)
    {
        var added = ring[0];
        var capacity = ring.Length - 1;
        if (mayBeThere && ring.AsSpan(1, Math.Min(added, capacity)).Contains(item))
        {
            return;
        }

        if (added == capacity && capacity < MaxLength)
        {
            capacity = Math.Min(capacity * 2, MaxLength);
            var grown = new int[1 + capacity];
            ring.CopyTo(grown, 0);
            ring = grown;
        }

        ring[1 + (added % capacity)] = item;

        // Past two lengths the count starts over at one: it only has to say where the next goes and that the ring is full.
        Volatile.Write(ref ring[0], added + 1 == 2 * MaxLength ? MaxLength : added + 1);
        if (!ReferenceEquals(ring, _rings.Read(feature)))
        {
            Volatile.Write(ref _rings.At(feature)!, ring);
        }
    }
}
