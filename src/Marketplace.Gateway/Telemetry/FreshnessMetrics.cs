using System.Diagnostics.Metrics;

namespace Marketplace.Gateway.Telemetry;

/// <summary>
/// How long a change takes until clients see it, on live traffic: what came before the process started is not counted, since it
/// waited for the process and not in it.
/// </summary>
public sealed class FreshnessMetrics
{
    public const string MeterName = "Marketplace.Freshness";

    /// <summary>The service levels' targets are among them: 1 s for search and bans, 5 s for the mirror.</summary>
    private static readonly double[] Bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private static readonly KeyValuePair<string, object?> AcceptedSearchable = new("path", "accepted_searchable");
    private static readonly KeyValuePair<string, object?> BanInvisible = new("path", "ban_invisible");
    private static readonly KeyValuePair<string, object?> SourceMirror = new("path", "source_mirror");

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Histogram<double> _freshness;

    public FreshnessMetrics(IMeterFactory meters, TimeProvider time)
    {
        (_time, _started) = (time, time.GetUtcNow().ToUnixTimeMilliseconds());
        _freshness = meters.Create(MeterName).CreateHistogram(
            "marketplace.freshness", "s", "Time from a change until clients see it, by its path.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
    }

    /// <summary>Whether a change of this instant (Unix milliseconds) is live traffic.</summary>
    public bool IsLive(long instant) => instant >= _started;

    /// <summary>Now clients find a product that was accepted at this instant (Unix milliseconds).</summary>
    public void Searchable(long acceptedAt) => Record(acceptedAt, AcceptedSearchable);

    /// <summary>From now on no client sees a product whose ban was put at this instant (Unix milliseconds).</summary>
    public void Invisible(long bannedAt) => Record(bannedAt, BanInvisible);

    /// <summary>Now a record that was written to the source at this instant (Unix milliseconds) stands in the mirror.</summary>
    public void Mirrored(long writtenAt) => Record(writtenAt, SourceMirror);

    private void Record(long since, KeyValuePair<string, object?> path)
    {
        if (IsLive(since))
        {
            _freshness.Record(Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds() - since) / 1000d, path);
        }
    }
}
