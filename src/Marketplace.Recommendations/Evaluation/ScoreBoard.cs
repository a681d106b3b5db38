namespace Marketplace.Recommendations.Evaluation;

/// <summary>Judges one method at several lengths of list, by one ranking a target.</summary>
internal sealed class ScoreBoard(IRankingMethod method, IReadOnlyList<int> lengths, int items)
{
    private readonly Score[] _scores = [.. lengths.Select(length => new Score(method.Name, length, items))];
    private readonly int _longest = lengths.Max();

    public IRankingMethod Method => method;

    /// <param name="popularity">How often each item had been chosen.</param>
    public void Judge(in Interaction target, ReadOnlySpan<int> popularity)
    {
        var ranked = method.Rank(target.User, _longest, target.Time);
        foreach (var score in _scores)
        {
            score.Add(ranked, target.Item, popularity);
        }
    }

    public IEnumerable<RankingMetrics> Results() => _scores.Select(score => score.Result());

    private sealed class Score(string method, int length, int items)
    {
        private readonly HashSet<int> _shown = [];
        private long _targets;
        private long _hits;
        private double _ndcg;
        private double _reciprocalRanks;
        private double _shownPopularity;
        private long _shownCount;
        private double _targetPopularity;

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
}
