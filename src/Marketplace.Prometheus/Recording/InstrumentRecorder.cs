namespace Marketplace.Prometheus.Recording;

/// <summary>Takes the measurements of one instrument. Recording finds its series without a lock; only new series take one.</summary>
/// <param name="make">Makes the series of a set of labels.</param>
/// <param name="maxSeries">What comes under more sets of labels than this goes into one series, so that memory is bounded.</param>
internal sealed class InstrumentRecorder(Func<string, Series> make, int maxSeries)
{
    /// <summary>The same labels may come as several sets of tags: in another order, or as values of another type.</summary>
    private const int TagSetsPerSeries = 4;

    private readonly Lock _adding = new();
    private readonly TagTable _byTags = new();
    private readonly Dictionary<string, Series> _byLabels = new(StringComparer.Ordinal);
    private Series? _overflow;

    public void Record(long value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => (_byTags.Find(tags) ?? Add(tags)).Record(value);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => (_byTags.Find(tags) ?? Add(tags)).Record(value);

    public IReadOnlyList<Series> All
    {
        get
        {
            lock (_adding)
            {
                return [.. _byLabels.Values, .. _overflow is { } overflow ? [overflow] : Array.Empty<Series>()];
            }
        }
    }

    private Series Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_adding)
        {
            if (_byTags.Find(tags) is { } known)
            {
                return known;
            }

            if (_byTags.Count >= maxSeries * TagSetsPerSeries)
            {
                return Overflow();
            }

            var labels = LabelSet.Of(tags);
            if (!_byLabels.TryGetValue(labels, out var series))
            {
                series = _byLabels.Count < maxSeries ? _byLabels[labels] = make(labels) : Overflow();
            }

            _byTags.Add(tags, series);
            return series;
        }
    }

    private Series Overflow() => _overflow ??= make(LabelSet.Overflow);
}
