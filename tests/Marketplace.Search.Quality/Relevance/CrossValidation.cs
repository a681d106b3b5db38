using Marketplace.Search.Ranking;

namespace Marketplace.Search.Quality.Relevance;

/// <summary>
/// What a choice of settings is worth on queries that had no say in it: the queries are cut into folds; for each fold the setting is
/// chosen on all the others, and judged on the fold.
/// </summary>
internal sealed class CrossValidation
{
    private readonly JudgedCorpus _corpus;
    private readonly IReadOnlyList<float[]> _points;
    private readonly RelevanceEvaluation[] _evaluations;

    public CrossValidation(JudgedCorpus corpus, int points, int seed, CancellationToken cancellationToken)
    {
        _corpus = corpus;
        _points = RankingSpace.Sample(points, seed);
        _evaluations = new RelevanceEvaluation[points];
        Parallel.For(
            0, points, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            i => _evaluations[i] = RelevanceEvaluation.Of(corpus, RankingSpace.At(_points[i])));
    }

    /// <summary>The setting that all queries choose.</summary>
    public RankingOptions Chosen => RankingSpace.At(RankingSpace.Choose(_points, [.. _evaluations.Select(e => e.Mean)]));

    /// <summary>Mean nDCG@10 of queries under settings that the others chose.</summary>
    public double Mean(int folds, int seed)
    {
        var order = Enumerable.Range(0, _corpus.Queries.Count).ToArray();
        new Random(seed).Shuffle(order);
        var sum = 0.0;
        for (var fold = 0; fold < folds; fold++)
        {
            var held = order.Where((_, i) => i % folds == fold).ToHashSet();
            var scores = _evaluations.Select(e => e.ByQuery.Where((_, q) => !held.Contains(q)).Average()).ToList();
            var judged = RelevanceEvaluation.Of(_corpus, RankingSpace.At(RankingSpace.Choose(_points, scores)));
            sum += held.Sum(q => judged.ByQuery[q]);
        }

        return sum / order.Length;
    }
}
