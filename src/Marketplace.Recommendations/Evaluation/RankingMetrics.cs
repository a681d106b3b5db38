namespace Marketplace.Recommendations.Evaluation;

/// <summary>How good a method's lists of <paramref name="Length"/> items were, as means over all targets.</summary>
/// <param name="HitRate">Share of targets that were in the list.</param>
/// <param name="Ndcg">Mean of 1 / log2(rank + 1), with 0 for a target that was not in the list.</param>
/// <param name="Mrr">Mean of 1 / rank, with 0 for a target that was not in the list.</param>
/// <param name="Coverage">Share of all items that were in at least one list.</param>
/// <param name="PopularityBias">
/// How often what was shown had been chosen, on average, divided by the same of what was chosen next: 1 is as popular as
/// people's own choice, more leans towards what all have.
/// </param>
public sealed record RankingMetrics(string Method, int Length, double HitRate, double Ndcg, double Mrr, double Coverage, double PopularityBias);

/// <summary>Gathers the metrics of one method at one length.</summary>
internal sealed class RankingScore(string method, int length, int items)
{
    private readonly HashSet<int> _shown = [];
    private long _targets;
    private long _hits;
    private double _ndcg;
    private double _reciprocalRanks;
    private double _shownPopularity;
    private long _shownCount;
    private double _targetPopularity;

    /// <param name="popularity">How often each item had been chosen.</param>
    public void Add(IReadOnlyList<int> ranked, int target, ReadOnlySpan<int> popularity)
    {
        _targets++;
        _targetPopularity += popularity[target];
        for (var place = 0; place < Math.Min(length, ranked.Count); place++)
        {
            var item = ranked[place];
            _shown.Add(item);
            _shownCount++;
            _shownPopularity += popularity[item];
            if (item == target)
            {
                _hits++;
                _ndcg += 1 / Math.Log2(place + 2);
                _reciprocalRanks += 1d / (place + 1);
            }
        }
    }

    public RankingMetrics Result()
    {
        var targets = Math.Max(1, _targets);
        var bias = _targetPopularity == 0 || _shownCount == 0 ? 0 : _shownPopularity / _shownCount / (_targetPopularity / targets);
        return new RankingMetrics(method, length, (double)_hits / targets, _ndcg / targets, _reciprocalRanks / targets, (double)_shown.Count / items, bias);
    }
}
