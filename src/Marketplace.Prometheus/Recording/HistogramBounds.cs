using System.Diagnostics.Metrics;
using System.Globalization;

namespace Marketplace.Prometheus.Recording;

/// <summary>The buckets of a histogram: what its maker advises, else what fits its unit.</summary>
internal static class HistogramBounds
{
    /// <summary>OpenTelemetry's for durations of requests (semantic conventions of HTTP), and two below for what takes less than a request.</summary>
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>OpenTelemetry's default.</summary>
    private static readonly double[] Other = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    public static double[] Of(Instrument instrument) => Advised(instrument) is { Length: > 0 } advised
        ? [.. advised.Distinct().Order()]
        : instrument.Unit == "s" ? Seconds : Other;

    private static double[]? Advised(Instrument instrument) => instrument switch
    {
        Histogram<double> histogram => Doubles(histogram.Advice),
        Histogram<long> histogram => Doubles(histogram.Advice),
        Histogram<int> histogram => Doubles(histogram.Advice),
        Histogram<float> histogram => Doubles(histogram.Advice),
        _ => null,
    };

    private static double[]? Doubles<T>(InstrumentAdvice<T>? advice)
        where T : struct => advice?.HistogramBucketBoundaries is { } bounds
        ? [.. bounds.Select(bound => Convert.ToDouble(bound, CultureInfo.InvariantCulture))]
        : null;
}
