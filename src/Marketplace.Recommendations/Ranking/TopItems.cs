namespace Marketplace.Recommendations.Ranking;

/// <summary>An item, what it is worth, and what decides between equals.</summary>
internal readonly record struct ScoredItem(int Item, float Score, float Tie = 0)
{
    /// <summary>By falling score, then by falling tie; equals by rising number, so that an order never depends on chance.</summary>
    public static int BestFirst(ScoredItem a, ScoredItem b) =>
        a.Score != b.Score ? b.Score.CompareTo(a.Score)
        : a.Tie != b.Tie ? b.Tie.CompareTo(a.Tie)
        : a.Item.CompareTo(b.Item);
}

/// <summary>Keeps the best of what it is offered in a heap whose root is the worst kept.</summary>
internal sealed class TopItems
{
    private ScoredItem[] _heap = [];
    private int _capacity;
    private int _count;

    /// <summary>Those kept, in no particular order.</summary>
    public ReadOnlySpan<ScoredItem> Unordered => _heap.AsSpan(0, _count);

    public void Reset(int capacity)
    {
        if (_heap.Length < capacity)
        {
            _heap = new ScoredItem[capacity];
        }

        (_capacity, _count) = (capacity, 0);
    }

    /// <summary>True when an item of this score would be kept if it won every tie: worth looking at more closely.</summary>
    public bool WouldKeep(float score) => _count < _capacity || (_count > 0 && score >= _heap[0].Score);

    public void Offer(int item, float score, float tie = 0)
    {
        var offered = new ScoredItem(item, score, tie);
        if (_count < _capacity)
        {
            _heap[_count] = offered;
            SiftUp(_count++);
        }
        else if (_count > 0 && ScoredItem.BestFirst(offered, _heap[0]) < 0)
        {
            _heap[0] = offered;
            SiftDown();
        }
    }

    /// <summary>Those kept, the best first; the heap is used up by it.</summary>
    public ReadOnlySpan<ScoredItem> Sort()
    {
        var kept = _heap.AsSpan(0, _count);
        kept.Sort(ScoredItem.BestFirst);
        return kept;
    }

    private void SiftUp(int at)
    {
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (ScoredItem.BestFirst(_heap[parent], _heap[at]) > 0)
            {
                return;
            }

            (_heap[parent], _heap[at]) = (_heap[at], _heap[parent]);
            at = parent;
        }
    }

    private void SiftDown()
    {
        for (var at = 0; ;)
        {
            var worst = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < _count; child++)
            {
                if (ScoredItem.BestFirst(_heap[child], _heap[worst]) > 0)
                {
                    worst = child;
                }
            }

            if (worst == at)
            {
                return;
            }

            (_heap[worst], _heap[at]) = (_heap[at], _heap[worst]);
            at = worst;
        }
    }
}
