namespace Marketplace.Recommendations.Ranking;

/// <summary>Sums scores by item; open addressing, kept from query to query so that summing allocates nothing.</summary>
internal sealed class ScoreMap
{
    private const uint Multiplier = 2654435769;
    private const int FirstCapacity = 1024;

    /// <summary>By slot: the entry's number plus one.</summary>
    private int[] _slots = new int[FirstCapacity * 2];
    private int[] _items = new int[FirstCapacity];
    private float[] _scores = new float[FirstCapacity];

    public int Count { get; private set; }

    public float Max
    {
        get
        {
            var max = 0f;
            foreach (var score in _scores.AsSpan(0, Count))
            {
                max = Math.Max(max, score);
            }

            return max;
        }
    }

    public int ItemAt(int entry) => _items[entry];

    public float ScoreAt(int entry) => _scores[entry];

    /// <summary>The item's sum; 0 when nothing was added.</summary>
    public float this[int item]
    {
        get
        {
            var slot = Locate(item);
            return _slots[slot] == 0 ? 0 : _scores[_slots[slot] - 1];
        }
    }

    public void Add(int item, float score)
    {
        var slot = Locate(item);
        if (_slots[slot] != 0)
        {
            _scores[_slots[slot] - 1] += score;
            return;
        }

        if (Count == _items.Length)
        {
            Grow();
            slot = Locate(item);
        }

        _items[Count] = item;
        _scores[Count] = score;
        _slots[slot] = ++Count;
    }

    public void Multiply(int entry, float factor) => _scores[entry] *= factor;

    public void Clear()
    {
        // Few entries are taken out one by one; many, by clearing all.
        if (Count > _slots.Length / 16)
        {
            Array.Clear(_slots);
        }
        else
        {
            // Backwards: an entry's way to its slot leads past older entries only.
            for (var entry = Count - 1; entry >= 0; entry--)
            {
                _slots[Locate(_items[entry])] = 0;
            }
        }

        Count = 0;
    }

    private int Locate(int item)
    {
        var mask = _slots.Length - 1;
        var at = (int)(((uint)item * Multiplier) >> 8) & mask;
        while (_slots[at] != 0 && _items[_slots[at] - 1] != item)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    private void Grow()
    {
        Array.Resize(ref _items, _items.Length * 2);
        Array.Resize(ref _scores, _scores.Length * 2);
        _slots = new int[_items.Length * 2];
        for (var entry = 0; entry < Count; entry++)
        {
            _slots[Locate(_items[entry])] = entry + 1;
        }
    }
}
