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

    // The last bound that is not above 2ⁿ units of a key's price.
    private static readonly int[] FirstByBits = [.. Enumerable.Range(0, 32).Select(n => Array.FindLastIndex(Bounds, b => b <= (1L << n) * FacetKey.PriceUnit))];

    private static readonly long[] NextBounds = [.. Bounds[1..], long.MaxValue];

    private readonly long[] _counts = new long[Bounds.Length];
    private FacetKey[] _keys = [];
    private ProductFacts[] _facts = [];
    private uint _place;
    private long _min = long.MaxValue;
    private long _max = long.MinValue;
    private long _count;

    /// <summary>Of the keys' prices, in their units: no number of products makes it too much.</summary>
    private ulong _keySum;
    private Int128 _oddSum;

    public override void Open(Segment segment)
    {
        (_keys, _facts) = (segment.FacetKeys.All, segment.Columns.Facts);
        _place = segment.FacetKeys.PlaceOf(currency) is >= 0 and var place ? (uint)place : uint.MaxValue;
    }

    public override void Count(ReadOnlySpan<int> docs)
    {
        var (keys, counts, firstByBits, nextBounds) = (_keys, _counts, FirstByBits, NextBounds);
        uint min = uint.MaxValue, max = 0;
        var (sum, counted) = (0UL, 0);
        foreach (var doc in docs)
        {
            var key = keys[doc];
            if (key.Currency != _place)
            {
                if (key.Price == FacetKey.OddPrice)
                {
                    CountOdd(_facts[doc]);
                }

                continue;
            }

            // Without branches, as the next price cannot be guessed. Bounds are at least twice as large each as the one before, so at most one lies between two powers of two.
            var amount = key.Amount;
            var at = firstByBits[BitOperations.Log2(amount | 1)];
            at += (long)amount * FacetKey.PriceUnit >= nextBounds[at] ? 1 : 0;
            counts[at]++;
            min = Math.Min(min, amount);
            max = Math.Max(max, amount);
            sum += amount;
            counted++;
        }

        if (counted > 0)
        {
            _min = Math.Min(_min, (long)min * FacetKey.PriceUnit);
            _max = Math.Max(_max, (long)max * FacetKey.PriceUnit);
            _keySum += sum;
            _count += counted;
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
        (_count, _keySum, _oddSum) = (_count + more._count, _keySum + more._keySum, _oddSum + more._oddSum);
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
                decimal.Round((decimal)(((Int128)_keySum * FacetKey.PriceUnit) + _oddSum) / _count / ProductColumns.PriceScale, 4),
                _count),
        };
    }

    private void CountOdd(in ProductFacts product)
    {
        if (product.Currency != currency || product.Price == ProductColumns.NoPrice)
        {
            return;
        }

        var bound = Array.BinarySearch(Bounds, product.Price);
        _counts[Math.Max(0, bound < 0 ? ~bound - 1 : bound)]++;
        _min = Math.Min(_min, product.Price);
        _max = Math.Max(_max, product.Price);
        _oddSum += product.Price;
        _count++;
    }
}
