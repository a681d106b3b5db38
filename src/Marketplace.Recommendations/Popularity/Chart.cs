namespace Marketplace.Recommendations.Popularity;

/// <summary>
/// The items of highest key, kept as keys change. Exact: whatever is not listed has a key of at most the floor, and what falls
/// below the floor leaves the list; when too little is left, all items are looked at again.
/// Written by one thread, read by any.
/// </summary>
/// <param name="keyOf">The item's key now, or null while it may not be shown.</param>
/// <param name="itemCount">Items are numbered from 0 to this.</param>
internal sealed class Chart(int length, Func<int, ChartKey?> keyOf, Func<int> itemCount)
{
    private readonly HashSet<int> _members = [];
    private int[] _listed = [];
    private ChartKey _floor = ChartKey.Lowest;

    /// <summary>The best first, as of the last refresh.</summary>
    public ReadOnlySpan<int> Listed => Volatile.Read(ref _listed);

    /// <summary>To be called whenever an item's key rises or it may be shown again.</summary>
    public void Consider(int item)
    {
        if (keyOf(item) is { } key && key.CompareTo(_floor) > 0 && _members.Add(item) && _members.Count >= 2 * length)
        {
            Refresh();
        }
    }

    /// <summary>Orders the list by the keys as they are now.</summary>
    public void Refresh()
    {
        var ranked = Rank(_members);
        if (ranked.Count < length / 2 && _floor.CompareTo(ChartKey.Lowest) > 0)
        {
            Rebuild();
        }
        else
        {
            List(ranked);
        }
    }

    /// <summary>Looks at all items.</summary>
    public void Rebuild()
    {
        _floor = ChartKey.Lowest;
        List(Rank(Enumerable.Range(0, itemCount())));
    }

    private void List(List<(ChartKey Key, int Item)> ranked)
    {
        _members.Clear();
        var listed = new int[ranked.Count];
        for (var i = 0; i < listed.Length; i++)
        {
            listed[i] = ranked[i].Item;
            _members.Add(listed[i]);
        }

        Volatile.Write(ref _listed, listed);
    }

    private List<(ChartKey Key, int Item)> Rank(IEnumerable<int> items)
    {
        var ranked = new List<(ChartKey Key, int Item)>();
        foreach (var item in items)
        {
            if (keyOf(item) is { } key && key.CompareTo(_floor) > 0)
            {
                ranked.Add((key, item));
                if (ranked.Count == 8 * length)
                {
                    Cut(ranked);
                }
            }
        }

        Cut(ranked);
        return ranked;
    }

    /// <summary>Sorts and lets go of all beyond the chart's length, the best of which is the new floor.</summary>
    private void Cut(List<(ChartKey Key, int Item)> ranked)
    {
        ranked.Sort((a, b) => b.Key.CompareTo(a.Key));
        if (ranked.Count > length)
        {
            _floor = ranked[length].Key;
            ranked.RemoveRange(length, ranked.Count - length);
        }
    }
}

/// <summary>What a chart is ordered by. The hash of the identifier decides between equals: the same everywhere, and varied.</summary>
internal readonly record struct ChartKey(double Popularity, ulong Hash) : IComparable<ChartKey>
{
    public static ChartKey Lowest => new(double.NegativeInfinity, 0);

    public int CompareTo(ChartKey other) =>
        Popularity != other.Popularity ? Popularity.CompareTo(other.Popularity) : Hash.CompareTo(other.Hash);
}
