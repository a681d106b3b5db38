using System.Diagnostics.Metrics;
using Marketplace.Gateway.ReadModels;

namespace Marketplace.Gateway.Client;

/// <summary>Searches and the index that answers them.</summary>
internal sealed class SearchMetrics
{
    /// <summary>Most searches take a few milliseconds.</summary>
    private static readonly double[] Bounds = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _empty;

    public SearchMetrics(IMeterFactory meters, SearchModel model)
    {
        var meter = meters.Create("Marketplace.Search");
        _duration = meter.CreateHistogram(
            "marketplace.search.duration", "s", "Time of a search in the index.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
        _empty = meter.CreateCounter<long>("marketplace.search.empty", "{search}", "Searches that found nothing.");
        _empty.Add(0);
        meter.CreateObservableGauge("marketplace.search.index.products", () => model.Snapshot.Count, "{product}", "Products that can be found.");
        meter.CreateObservableGauge("marketplace.search.index.size", () => model.SizeOnDisk, "By", "Bytes of the index and its products on the disk.");
    }

    public void Searched(TimeSpan took, long found)
    {
        _duration.Record(took.TotalSeconds);
        if (found == 0)
        {
            _empty.Add(1);
        }
    }
}
