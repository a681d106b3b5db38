using System.Runtime.CompilerServices;

namespace Marketplace.Gateway.Analytics;

/// <summary>Sums over products and days: wider than what is kept of one product on one day.</summary>
internal struct ProductSums
{
    public long Units;
    public Five<long> Kinds;
    public Five<long> Ratings;
    public Four<long> Funnel;

    public void Add(in ProductCounts counts)
    {
        Units += counts.Units;
        Add(Kinds, counts.Kinds);
        Add(Ratings, counts.Ratings);
        Add(Funnel, counts.Funnel);
    }

    private static void Add(Span<long> to, ReadOnlySpan<uint> counts)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += counts[i];
        }
    }
}

/// <summary>Sums over texts and days.</summary>
internal struct SearchSums
{
    public long Total;
    public long Empty;
    public long Clicked;

    public readonly long WithoutClick => Total - Clicked;

    public void Add(in SearchCounts counts)
    {
        Total += counts.Total;
        Empty += counts.Empty;
        Clicked += counts.Clicked;
    }
}

[InlineArray(5)]
internal struct Five<T>
{
    private T _first;
}

[InlineArray(4)]
internal struct Four<T>
{
    private T _first;
}
