using System.Globalization;
using System.Numerics;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Facets;

/// <summary>Price ranges with round bounds (1, 2, 5, 10, 20, …) in one currency, joined until there are at most <see cref="MaxRanges"/>.</summary>
internal sealed class PriceFacet(string name, int currency) : FacetCounter(name)
{
    private const int MaxRanges = 8;

    // 0, 1, 2, 5, … 5·10¹¹ units.
    private static readonly long[] Bounds = [0, .. Enumerable.Range(0, 36).Select(i => (i % 3) switch { 0 => 1L, 1 => 2L, _ => 5L } * (long)Math.Pow(10, i / 3) * ProductColumns.PriceScale)];

    // The last bound that is not above 2ⁿ.
    private static readonly int[] FirstByBits = [.. Enumerable.Range(0, 64).Select(n => Math.Max(0, Array.FindLastIndex(Bounds, b => (ulong)b <= 1UL << n)))];

    private static readonly long[] NextBounds = [.. Bounds[1..], long.MaxValue];

    private readonly long[] _counts = new long[Bounds.Length];
    private ProductFacts[] _facts = [];
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private long _count;

    // Halves, of which no number of products makes too much.
    private long _sumHigh;
    private long _sumLow;

    public override void Open(ProductColumns columns) => _facts = columns.Facts;

    public override void Count(ReadOnlySpan<int> docs)
    {
        var facts = _facts;
        foreach (var doc in docs)
        {
            // Without branches: which currency the next product has cannot be guessed, and waiting for memory is what costs here.
            ref readonly var product = ref facts[doc];
            var price = product.Price;
            var mask = price != ProductColumns.NoPrice & product.Currency == currency ? -1L : 0;
            var counted = price & mask;
            var at = counted <= 0 ? 0 : FirstByBits[BitOperations.Log2((ulong)counted)];

            // Bounds are at least twice as large each as the one before, so at most one lies between two powers of two.
            at += counted >= NextBounds[at] ? 1 : 0;
            _counts[at] -= mask;
            _min = Math.Min(_min, mask == 0 ? long.MaxValue : price);
            _max = Math.Max(_max, mask == 0 ? long.MinValue : price);
            _sumHigh += counted >> 32;
            _sumLow += (uint)counted;
            _count -= mask;
        }
    }

    public override void Add(FacetCounter other)
    {
        var more = (PriceFacet)other;
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += more._counts[i];
        }

        (_min, _max) = (Math.Min(_min, more._min), Math.Max(_max, more._max));
        (_count, _sumHigh, _sumLow) = (_count + more._count, _sumHigh + more._sumHigh, _sumLow + more._sumLow);
    }

    public override Facet Take(int limit)
    {
        if (_count == 0)
        {
            return new Facet(Name, []);
        }

        var first = Array.FindIndex(_counts, c => c > 0);
        var last = Array.FindLastIndex(_counts, c => c > 0);
        var step = ((last - first) / MaxRanges) + 1;
        var values = new List<FacetValue>();
        for (var i = first; i <= last; i += step)
        {
            var from = ProductColumns.UnscalePrice(Bounds[i]);
            decimal? to = i + step < Bounds.Length ? ProductColumns.UnscalePrice(Bounds[i + step]) : null;
            var count = _counts.Skip(i).Take(step).Sum();
            if (count > 0)
            {
                values.Add(new FacetValue(string.Create(CultureInfo.InvariantCulture, $"{from:0.##}-{to:0.##}"), count, from, to));
            }
        }

        return new Facet(Name, values)
        {
            Statistics = new PriceStatistics(
                ProductColumns.UnscalePrice(_min),
                ProductColumns.UnscalePrice(_max),
                decimal.Round((decimal)(((Int128)_sumHigh << 32) + _sumLow) / _count / ProductColumns.PriceScale, 2),
                _count),
        };
    }
}
