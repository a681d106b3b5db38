using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <param name="Key">What the order asked for goes by; larger first.</param>
/// <param name="Timestamp">Of the product, Unix milliseconds: of equal keys the newer one goes first, and scores are equal often.</param>
internal readonly record struct RankedHit(double Key, float Score, int Segment, int Doc, long Timestamp);

/// <summary>Keeps the best hits: by key, then the newer product, then by id, so that the order is the same however products are spread over segments.</summary>
internal sealed class TopHits(SegmentView[] segments, int limit) : IComparer<RankedHit>
{
    // A binary heap, the worst hit first.
    private RankedHit[] _heap = [];
    private int _count;

    /// <summary>The key below which nothing gets in.</summary>
    public double Threshold { get; private set; } = double.NegativeInfinity;

    public void Offer(in RankedHit hit)
    {
        if (limit == 0 || hit.Key < Threshold)
        {
            return;
        }

        if (_count < limit)
        {
            Append(hit);
        }
        else if (IsBefore(hit, _heap[0]))
        {
            ReplaceWorst(hit);
        }

        Threshold = _count == limit ? _heap[0].Key : Threshold;
    }

    /// <summary>The hits, best first.</summary>
    public List<RankedHit> Take()
    {
        var hits = new List<RankedHit>(_count);
        hits.AddRange(_heap.AsSpan(0, _count));
        hits.Sort(this);
        return hits;
    }

    /// <summary>Negative when the first goes before the second.</summary>
    public int Compare(RankedHit x, RankedHit y) => IsBefore(x, y) ? -1 : IsBefore(y, x) ? 1 : 0;

    private bool IsBefore(in RankedHit x, in RankedHit y) =>
        x.Key != y.Key ? x.Key > y.Key : x.Timestamp != y.Timestamp ? x.Timestamp > y.Timestamp : IdOf(x).SequenceCompareTo(IdOf(y)) < 0;

    private ReadOnlySpan<byte> IdOf(in RankedHit hit) => segments[hit.Segment].Segment.Ids[hit.Doc];

    private void Append(in RankedHit hit)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Min(limit, Math.Max(16, 2 * _count)));
        }

        var i = _count++;
        for (var parent = (i - 1) / 2; i > 0 && IsBefore(_heap[parent], hit); parent = (i - 1) / 2)
        {
            _heap[i] = _heap[parent];
            i = parent;
        }

        _heap[i] = hit;
    }

    private void ReplaceWorst(in RankedHit hit)
    {
        var i = 0;
        for (var child = 1; child < _count; child = (2 * i) + 1)
        {
            if (child + 1 < _count && IsBefore(_heap[child], _heap[child + 1]))
            {
                child++;
            }

            if (!IsBefore(hit, _heap[child]))
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = hit;
    }
}
