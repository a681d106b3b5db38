using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <param name="Key">What the order asked for goes by; larger first.</param>
internal readonly record struct RankedHit(double Key, float Score, int Segment, int Doc);

/// <summary>Keeps the best hits: by key, then the newer product, then by id, so that the order is the same however products are spread over segments.</summary>
internal sealed class TopHits(SegmentView[] segments, int limit) : IComparer<RankedHit>
{
    private readonly List<RankedHit> _heap = [];

    /// <summary>The key below which nothing gets in.</summary>
    public double Threshold { get; private set; } = double.NegativeInfinity;

    public void Offer(in RankedHit hit)
    {
        if (limit == 0 || hit.Key < Threshold)
        {
            return;
        }

        if (_heap.Count < limit)
        {
            _heap.Add(hit);
            SiftUp(_heap.Count - 1);
        }
        else if (Compare(hit, _heap[0]) < 0)
        {
            _heap[0] = hit;
            SiftDown();
        }

        Threshold = _heap.Count == limit ? _heap[0].Key : Threshold;
    }

    /// <summary>The hits, best first.</summary>
    public List<RankedHit> Take()
    {
        _heap.Sort(this);
        return _heap;
    }

    /// <summary>Negative when the first goes before the second.</summary>
    public int Compare(RankedHit x, RankedHit y)
    {
        if (x.Key != y.Key)
        {
            return x.Key > y.Key ? -1 : 1;
        }

        var (a, b) = (segments[x.Segment].Segment, segments[y.Segment].Segment);
        var byTime = b.Columns.Timestamps[y.Doc].CompareTo(a.Columns.Timestamps[x.Doc]);
        return byTime != 0 ? byTime : a.Ids[x.Doc].SequenceCompareTo(b.Ids[y.Doc]);
    }

    private void SiftUp(int i)
    {
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (Compare(_heap[parent], _heap[i]) >= 0)
            {
                return;
            }

            (_heap[parent], _heap[i]) = (_heap[i], _heap[parent]);
            i = parent;
        }
    }

    private void SiftDown()
    {
        for (var i = 0; ;)
        {
            var child = (2 * i) + 1;
            if (child >= _heap.Count)
            {
                return;
            }

            if (child + 1 < _heap.Count && Compare(_heap[child], _heap[child + 1]) < 0)
            {
                child++;
            }

            if (Compare(_heap[i], _heap[child]) >= 0)
            {
                return;
            }

            (_heap[i], _heap[child]) = (_heap[child], _heap[i]);
            i = child;
        }
    }
}
