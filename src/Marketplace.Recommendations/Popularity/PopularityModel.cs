using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Popularity;

/// <summary>How much each item is wanted: in the last days (trending) and in the last months (popular), with a chart of each.</summary>
internal sealed class PopularityModel
{
    private const int ChartLength = 512;
    private const long DayMs = 24 * 60 * 60 * 1000L;

    private static readonly Scale Days = new(DayMs, HalfLife: 2);
    private static readonly Scale Months = new(30 * DayMs, HalfLife: 1.5);

    private readonly ChunkedArray<Counts> _counts = new();
    private readonly Func<int, ulong?> _hashIfShown;

    /// <param name="hashIfShown">The hash of the item's identifier, or null while it may not be shown.</param>
    /// <param name="itemCount">Items are numbered from 0 to this.</param>
    public PopularityModel(Func<int, ulong?> hashIfShown, Func<int> itemCount)
    {
        _hashIfShown = hashIfShown;
        Trending = new Chart(ChartLength, item => KeyOf(item, TrendingLog(item), mayBeUnwanted: false), itemCount);
        Popular = new Chart(ChartLength, item => KeyOf(item, PopularLog(item), mayBeUnwanted: true), itemCount);
    }

    /// <summary>What is wanted now, without what nobody wanted.</summary>
    public Chart Trending { get; }

    /// <summary>What is wanted at all, and behind it what nobody wanted yet, in an order that has nothing to do with its coming.</summary>
    public Chart Popular { get; }

    /// <param name="time">Milliseconds since the Unix epoch.</param>
    public void Count(int item, long time, int weight)
    {
        if (weight > 0)
        {
            ref var counts = ref _counts.At(item);
            counts.ByDay.Add(Days.PeriodOf(time), (uint)weight);
            counts.ByMonth.Add(Months.PeriodOf(time), (uint)weight);
            Consider(item);
        }
    }

    /// <summary>To be called when an item may be shown again.</summary>
    public void Consider(int item)
    {
        Trending.Consider(item);
        Popular.Consider(item);
    }

    /// <summary>Brings the charts up to date.</summary>
    public void Refresh()
    {
        Trending.Refresh();
        Popular.Refresh();
    }

    public static double LogOfOne(long time) => Months.PeriodOf(time) / Months.HalfLife;

    public bool IsWanted(int item) => PopularLog(item) > double.NegativeInfinity;

    /// <summary>Base-2 logarithm of the popularity by months, as forward decay: comparable between items only.</summary>
    public double PopularLog(int item) => _counts.Read(item).ByMonth.ForwardLog(Months.HalfLife);

    public void Save(SnapshotWriter writer) => _counts.Save(writer);

    /// <summary>The catalogue has to be there already: the charts are made anew from the counts.</summary>
    public void Load(SnapshotReader reader)
    {
        _counts.Load(reader);
        Trending.Rebuild();
        Popular.Rebuild();
    }

    private double TrendingLog(int item) => _counts.Read(item).ByDay.ForwardLog(Days.HalfLife);

    private ChartKey? KeyOf(int item, double popularity, bool mayBeUnwanted) =>
        (mayBeUnwanted || popularity > double.NegativeInfinity) && _hashIfShown(item) is { } hash ? new ChartKey(popularity, hash) : null;

    private struct Counts
    {
        public DecayingCount ByDay;
        public DecayingCount ByMonth;
    }

    /// <param name="HalfLife">In periods.</param>
    private readonly record struct Scale(long PeriodMs, double HalfLife)
    {
        public int PeriodOf(long time) => (int)Math.Min(int.MaxValue - 1, Math.Max(0, time) / PeriodMs);
    }
}
