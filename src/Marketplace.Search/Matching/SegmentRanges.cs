using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>The products of one segment from <paramref name="From"/> to before <paramref name="To"/>.</summary>
internal readonly record struct SegmentRange(int Segment, int From, int To);

/// <summary>
/// What one query has to look at, the newest first: of equal hits the newer one goes first, so that those that follow need only one
/// look. Taken range by range by as many processors as have time.
/// </summary>
/// <param name="products">Products of a range, a multiple of <see cref="Window.Size"/>; segments are divided into such ranges.</param>
internal sealed class SegmentRanges(SegmentView[] segments, int products)
{
    private readonly SegmentRange[] _ranges = [.. Cut(segments, products)];
    private int _taken;

    /// <summary>Whole segments, for one processor.</summary>
    public static SegmentRanges Whole(SegmentView[] segments) => new(segments, int.MaxValue);

    public bool TryTake(out SegmentRange range)
    {
        var next = Interlocked.Increment(ref _taken) - 1;
        range = next < _ranges.Length ? _ranges[next] : default;
        return next < _ranges.Length;
    }

    private static IEnumerable<SegmentRange> Cut(SegmentView[] segments, int products)
    {
        for (var segment = segments.Length - 1; segment >= 0; segment--)
        {
            var count = segments[segment].Segment.Count;
            if (count <= products)
            {
                yield return new SegmentRange(segment, 0, count);
                continue;
            }

            for (var from = (count - 1) / products * products; from >= 0; from -= products)
            {
                yield return new SegmentRange(segment, from, Math.Min(count, from + products));
            }
        }
    }
}
