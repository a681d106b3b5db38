namespace Marketplace.Search.Quality.Relevance;

/// <summary>
/// What a choice among settings is worth on queries that had no say in it: the queries are cut into folds; for each fold the setting
/// that is best on all the others is taken, and judged on the fold.
/// </summary>
internal static class CrossValidation
{
    public static double Mean(IReadOnlyList<RelevanceEvaluation> settings, int folds, int seed)
    {
        var queries = settings[0].ByQuery.Count;
        var order = Enumerable.Range(0, queries).ToArray();
        new Random(seed).Shuffle(order);
        var sum = 0.0;
        for (var fold = 0; fold < folds; fold++)
        {
            var held = order.Where((_, i) => i % folds == fold).ToHashSet();
            var best = settings.MaxBy(s => s.ByQuery.Where((_, q) => !held.Contains(q)).Average())!;
            sum += held.Sum(q => best.ByQuery[q]);
        }

        return sum / queries;
    }
}
