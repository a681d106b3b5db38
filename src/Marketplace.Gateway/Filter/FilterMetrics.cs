using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>What the filter counts; only what has been committed.</summary>
public sealed class FilterMetrics
{
    public const string MeterName = "Marketplace.Filter";

    private const string Passed = "passed";

    private readonly Counter<long> _verdicts;
    private readonly Histogram<double> _commits;
    private readonly ConsumerLag? _lag;
    private readonly DeadLetterMetrics? _deadLetters;

    /// <param name="lag">Told how far the filter has come.</param>
    public FilterMetrics(IMeterFactory meters, ConsumerLag? lag = null, DeadLetterMetrics? deadLetters = null)
    {
        (_lag, _deadLetters) = (lag, deadLetters);
        var meter = meters.Create(MeterName);
        _verdicts = meter.CreateCounter<long>("marketplace.filter.verdicts", "{product}", "Verdicts given.");
        _commits = meter.CreateHistogram<double>("marketplace.filter.commit.duration", "s", "Time of a commit of output and positions.");

        // A counter that is not there before its first event hides that event from whoever looks for growth.
        foreach (var verdict in Enum.GetValues<Verdict>().Select(verdict => verdict.Name()).Append(Passed))
        {
            _verdicts.Add(0, new KeyValuePair<string, object?>("verdict", verdict));
        }
    }

    public void Assigned(TopicPartition partition, long position) => _lag?.Assigned(FilterService.Group, partition, position);

    public void Revoked(TopicPartition partition) => _lag?.Revoked(FilterService.Group, partition);

    public void Committed(FilterOutput output, TimeSpan duration)
    {
        var tally = output.Tally;
        Add(tally.Passed, Passed);
        foreach (var verdict in Enum.GetValues<Verdict>())
        {
            Add(tally[verdict], verdict.Name());
        }

        if (tally.DeadLetters > 0)
        {
            _deadLetters?.Add(TopicNames.ShopProducts, tally.DeadLetters);
        }

        _commits.Record(duration.TotalSeconds);
        foreach (var (partition, next, timestamp) in output.Reached)
        {
            _lag?.Reached(FilterService.Group, partition, next, timestamp);
        }
    }

    private void Add(long count, string verdict)
    {
        if (count > 0)
        {
            _verdicts.Add(count, new KeyValuePair<string, object?>("verdict", verdict));
        }
    }
}
