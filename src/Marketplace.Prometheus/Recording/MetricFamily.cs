namespace Marketplace.Prometheus.Recording;

internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>All that is written under one name; several instruments may feed it.</summary>
/// <param name="Name">Without <c>_total</c>.</param>
/// <param name="Unit">The word at the name's end, or null.</param>
/// <param name="Bounds">Of a histogram: the upper bounds of its buckets but the last, ascending.</param>
internal sealed record MetricFamily(string Name, MetricType Type, string? Unit, string Help, double[] Bounds)
{
    private readonly List<(InstrumentRecorder Recorder, bool IsSum)> _instruments = [];

    public void Add(InstrumentRecorder recorder, bool isSum) => _instruments.Add((recorder, isSum));

    /// <summary>Whether an instrument may be part of this family.</summary>
    public bool Fits(MetricType type, string? unit, double[] bounds) => Type == type && Unit == unit && Bounds.AsSpan().SequenceEqual(bounds);

    /// <summary>The family's series, each once, in the order of their labels.</summary>
    public IReadOnlyCollection<Point> Read(long collection)
    {
        var points = new SortedDictionary<string, Point>(StringComparer.Ordinal);
        foreach (var (recorder, isSum) in _instruments)
        {
            foreach (var series in recorder.All)
            {
                if (series.Read(collection) is { } point)
                {
                    points[point.Labels] = points.TryGetValue(point.Labels, out var other) ? other.With(point, isSum) : point;
                }
            }
        }

        return points.Values;
    }
}
