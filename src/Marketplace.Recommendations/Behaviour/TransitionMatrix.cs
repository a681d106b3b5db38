using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Behaviour;

/// <summary>
/// Directed transitions between items in fixed point: sums of integers, the same in whatever order clients' events are mixed.
/// An item's row holds its neighbours in one array (how many, their numbers, their counts); counts change in place, a row that
/// grows or is pruned becomes a new array: readers need no lock.
/// </summary>
/// <param name="neighbours">How many are kept when a row is pruned; it is, when it has twice as many.</param>
internal sealed class TransitionMatrix(int neighbours)
{
    /// <summary>A transition of distance 1 in fixed point.</summary>
    public const int One = 1024;
    private const int FirstCapacity = 4;

    private readonly int _capacity = Math.Max(FirstCapacity, 2 * neighbours);
    private readonly ChunkedArray<int[]> _rows = new();
    private readonly ChunkedArray<long> _rowSums = new();
    private readonly ChunkedArray<long> _columnSums = new();

    /// <summary>How many neighbours were pruned; until then the counts do not depend on the order of events.</summary>
    public long Pruned { get; private set; }

    public NeighbourRow RowOf(int item) => new(_rows.Read(item));

    /// <summary>All that ever left the item, pruned or not.</summary>
    public long RowSum(int item) => _rowSums.Read(item);

    /// <summary>All that ever led to the item, pruned or not.</summary>
    public long ColumnSum(int item) => _columnSums.Read(item);

    public void Add(int from, int to, int amount)
    {
        _rowSums.At(from) += amount;
        _columnSums.At(to) += amount;
        ref var row = ref _rows.At(from);
        if (row is null)
        {
            var first = new int[1 + (2 * FirstCapacity)];
            (first[0], first[1], first[1 + FirstCapacity]) = (1, to, amount);
            Volatile.Write(ref row, first);
            return;
        }

        var count = row[0];
        var capacity = row.Length / 2;
        var at = row.AsSpan(1, count).IndexOf(to);
        if (at >= 0)
        {
            ref var sum = ref row[1 + capacity + at];
            sum = amount > int.MaxValue - sum ? int.MaxValue : sum + amount;
            return;
        }

        if (count == capacity)
        {
            Volatile.Write(ref row, capacity < _capacity ? Grow(row, Math.Clamp(capacity + (capacity / 2), FirstCapacity, _capacity)) : Prune(row));
            count = row[0];
            capacity = row.Length / 2;
        }

        row[1 + capacity + count] = amount;
        row[1 + count] = to;
        Volatile.Write(ref row[0], count + 1);
    }

    public void Save(SnapshotWriter writer)
    {
        writer.Write(Pruned);
        _rowSums.Save(writer);
        _columnSums.Save(writer);
        writer.Write(_rows.Extent);
        for (int item = 0, extent = _rows.Extent; item < extent; item++)
        {
            var row = RowOf(item);
            writer.Write(row.Items.Length);
            writer.Write(row.Items);
            writer.Write(row.Counts);
        }
    }

    public void Load(SnapshotReader reader)
    {
        Pruned = reader.Read<long>();
        _rowSums.Load(reader);
        _columnSums.Load(reader);
        var items = reader.ReadCount();
        for (var item = 0; item < items; item++)
        {
            var count = reader.ReadCount(_capacity);
            if (count > 0)
            {
                var row = new int[1 + (2 * count)];
                row[0] = count;
                reader.Read(row.AsSpan(1));
                _rows.At(item) = row;
            }
        }
    }

    private static int[] Grow(int[] row, int capacity)
    {
        var count = row[0];
        var grown = new int[1 + (2 * capacity)];
        row.AsSpan(0, 1 + count).CopyTo(grown);
        row.AsSpan(1 + (row.Length / 2), count).CopyTo(grown.AsSpan(1 + capacity));
        return grown;
    }

    /// <summary>Keeps those of the highest counts; of equals those that came later, which have had less time to grow.</summary>
    private int[] Prune(int[] row)
    {
        var capacity = row.Length / 2;
        var counts = row.AsSpan(1 + capacity, capacity);
        var order = new long[capacity];
        for (var at = 0; at < capacity; at++)
        {
            order[at] = ((long)counts[at] << 32) | (uint)at;
        }

        Array.Sort(order);
        var kept = order.AsSpan(capacity - neighbours);
        kept.Sort((a, b) => ((int)a).CompareTo((int)b));
        var pruned = new int[row.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            var at = (int)kept[i];
            pruned[1 + i] = row[1 + at];
            pruned[1 + capacity + i] = counts[at];
        }

        pruned[0] = neighbours;
        Pruned += capacity - neighbours;
        return pruned;
    }
}

/// <summary>An item's neighbours and their counts in fixed point, as read without a lock.</summary>
internal readonly ref struct NeighbourRow
{
    public NeighbourRow(int[]? row)
    {
        if (row is not null)
        {
            var count = Volatile.Read(ref row[0]);
            Items = row.AsSpan(1, count);
            Counts = row.AsSpan(1 + (row.Length / 2), count);
        }
    }

    public ReadOnlySpan<int> Items { get; }

    public ReadOnlySpan<int> Counts { get; }

    /// <summary>The count of this neighbour; 0 when it is none.</summary>
    public int this[int item]
    {
        get
        {
            var at = Items.IndexOf(item);
            return at < 0 ? 0 : Counts[at];
        }
    }
}
