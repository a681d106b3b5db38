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

    private readonly long[] _counts = new long[Bounds.Length];
    private ProductColumns? _columns;
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private long _count;
    private Int128 _sum;

    public override void Open(ProductColumns columns) => _columns = columns;

    public override void Count(int start, ulong[] products)
    {
        for (var i = 0; i < products.Length; i++)
        {
            for (var bits = products[i]; bits != 0; bits &= bits - 1)
            {
                Count(start + (i * 64) + BitOperations.TrailingZeroCount(bits));
            }
        }
    }

    private void Count(int doc)
    {
        var price = _columns!.Prices[doc];
        if (price == ProductColumns.NoPrice || _columns.Currencies[doc] != currency)
        {
            return;
        }

        // From the first bound that can be right by the number of bits; at most a few steps on.
        var at = price <= 0 ? 0 : FirstByBits[BitOperations.Log2((ulong)price)];
        while (at + 1 < Bounds.Length && Bounds[at + 1] <= price)
        {
            at++;
        }

        _counts[at]++;
        _min = Math.Min(_min, price);
        _max = Math.Max(_max, price);
        _sum += price;
        _count++;
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
                decimal.Round((decimal)_sum / _count / ProductColumns.PriceScale, 2),
                _count),
        };
    }
}
