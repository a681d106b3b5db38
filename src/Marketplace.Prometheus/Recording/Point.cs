namespace Marketplace.Prometheus.Recording;

/// <summary>A series as it was read.</summary>
/// <param name="Value">Of a histogram: the sum of all values.</param>
internal sealed record Point(string Labels, double Value)
{
    /// <summary>Of a histogram: how many values fell between each bound and the one before; the last are above all.</summary>
    public long[]? Counts { get; init; }

    /// <summary>The two as one series: sums add up, and of values the later is taken.</summary>
    public Point With(Point other, bool isSum) => new(Labels, isSum || Counts is not null ? Value + other.Value : other.Value)
    {
        Counts = Counts is null ? null : [.. Counts.Zip(other.Counts!, static (mine, others) => mine + others)],
    };
}
