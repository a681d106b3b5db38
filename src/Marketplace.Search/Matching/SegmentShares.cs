using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>
/// Divides the segments among processors, so that a query that has much to read is answered sooner; only as far as no other query wants
/// the processors, as the same work is then done with more to hand over.
/// </summary>
internal static class SegmentShares
{
    private const int MaxShares = 4;

    private static int s_running;

    public static void Begin() => Interlocked.Increment(ref s_running);

    public static void End() => Interlocked.Decrement(ref s_running);

    /// <summary>All segments in one share.</summary>
    public static int[] Whole(SegmentView[] segments)
    {
        var all = new int[segments.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = i;
        }

        return all;
    }

    /// <summary>Shares of about as many products each, in each the segments in their order.</summary>
    public static int[][] Of(SegmentView[] segments)
    {
        var count = Math.Min(Math.Min(MaxShares, segments.Length), Environment.ProcessorCount / Math.Max(1, Volatile.Read(ref s_running)));
        if (count < 2)
        {
            return [Whole(segments)];
        }

        var shares = Enumerable.Range(0, count).Select(_ => new List<int>()).ToArray();
        var products = new long[count];
        foreach (var segment in Whole(segments).OrderByDescending(s => segments[s].Segment.Count))
        {
            var lightest = Array.IndexOf(products, products.Min());
            shares[lightest].Add(segment);
            products[lightest] += segments[segment].Segment.Count;
        }

        return [.. shares.Select(share => share.Order().ToArray())];
    }
}
