using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Search.Quality;
using Marketplace.Search.Quality.KnownItems;
using Marketplace.Search.Quality.Relevance;
using Marketplace.Search.Ranking;

namespace Marketplace.Benchmarks.Search;

/// <summary>How good search's answers are: on real products with judgments, and on generated ones with known words.</summary>
internal static class QualityMeasure
{
    private const int Settings = 600;
    private const int Folds = 5;
    private const int Seed = 1;
    private const double GoalNdcg = 0.78;
    private const int QueriesOfClass = 300;

    /// <summary>nDCG@10 with the defaults, and the figure that cross-validation over the queries gives the way they were chosen.</summary>
    public static Task RunRelevanceAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("relevance: judged products");
        if (PublicData.Find("search", "products.ndjson.gz") is not { } products || PublicData.Find("search", "judgments.tsv") is not { } judgments)
        {
            bench.Report.Note($"skipped: {PublicData.Variable} names no folder with search/");
            return Task.CompletedTask;
        }

        var corpus = JudgedCorpus.Read(products, judgments);
        bench.Report.Add(Figure.Alone($"nDCG@10, {corpus.Queries.Count} queries", "", [RelevanceEvaluation.Of(corpus, new RankingOptions()).Mean], Goal.AtLeast, GoalNdcg));
        var validation = new CrossValidation(corpus, bench.Options.Short ? Settings / 10 : Settings, Seed, cancellationToken);
        bench.Report.Add(Figure.Alone(
            $"nDCG@10, {Folds}-fold cross-validation", "", [.. Enumerable.Range(1, 3).Select(seed => validation.Mean(Folds, seed))], Goal.AtLeast, GoalNdcg));
        bench.Report.Note($"chosen by all queries: {validation.Chosen}");
        return Task.CompletedTask;
    }

    /// <summary>Known items, the long form.</summary>
    public static async Task RunKnownItemsAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("known items: however they are typed");
        if (SearchCatalog.TryRead(bench) is not { } catalog)
        {
            return;
        }

        var count = bench.Options.Count(1_000_000, 50_000);
        await using var index = KnownItemEvaluation.Index(catalog, count, new() { SourceFolder = bench.Folder("known-items") });
        await index.WhenMergedAsync(cancellationToken);
        foreach (var kind in KnownItemClass.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = KnownItemEvaluation.Run(index.Snapshot, catalog, kind, count, QueriesOfClass, Seed);
            bench.Report.Add(Figure.Alone($"{kind.Name}, {count:#,0} products", "%", [100 * result.Share], Goal.AtLeast, 100 * kind.Threshold));
        }
    }
}
