using System.Diagnostics.Metrics;

namespace Marketplace.Gateway.Filter;

/// <summary>What the filter counts; only what has been committed.</summary>
public sealed class FilterMetrics(IMeterFactory meters)
{
    public const string MeterName = "Marketplace.Filter";

    private readonly Counter<long> _verdicts = meters.Create(MeterName).CreateCounter<long>("marketplace.filter.verdicts", "{product}", "Verdicts given.");
    private readonly Counter<long> _deadLetters = meters.Create(MeterName).CreateCounter<long>("marketplace.filter.dead_letters", "{record}", "Records that could not be judged.");
    private readonly Histogram<double> _commits = meters.Create(MeterName).CreateHistogram<double>("marketplace.filter.commit.duration", "s", "Time of a commit of output and positions.");

    public void Committed(FilterTally tally, TimeSpan duration)
    {
        Add(tally.Passed, "passed");
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            Add(tally[verdict], Name(verdict));
        }

        if (tally.DeadLetters > 0)
        {
            _deadLetters.Add(tally.DeadLetters);
        }

        _commits.Record(duration.TotalSeconds);
    }

    private void Add(long count, string verdict)
    {
        if (count > 0)
        {
            _verdicts.Add(count, new KeyValuePair<string, object?>("verdict", verdict));
        }
    }

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Banned => "banned",
        Verdict.Removed => "removed",
        Verdict.Restored => "restored",
        _ => "withdrawn",
    };
}
