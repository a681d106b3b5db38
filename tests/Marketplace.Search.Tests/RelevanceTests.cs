using Marketplace.Search.Quality.KnownItems;
using Marketplace.Search.Quality.Relevance;
using Marketplace.Search.Ranking;

namespace Marketplace.Search.Tests;

/// <summary>How good the answers are, on real products with people's judgments and on generated ones with known words.</summary>
public sealed class RelevanceTests(ITestOutputHelper output)
{
    private const int Products = 50_000;
    private const int QueriesOfClass = 300;
    private const int Seed = 1;

    [Fact]
    public void Judged_products_are_ranked_better_than_by_a_tuned_search_server()
    {
        var corpus = JudgedCorpus.Read(TestData.PathOf("search", "products.ndjson.gz"), TestData.PathOf("search", "judgments.tsv"));
        corpus.Queries.Count.ShouldBe(56);
        var ndcg = RelevanceEvaluation.Of(corpus, new RankingOptions()).Mean;
        output.WriteLine($"nDCG@10 {ndcg:0.0000}");
        ndcg.ShouldBeGreaterThan(0.78);
    }

    [Fact]
    public async Task Known_items_are_found_however_they_are_typed()
    {
        var catalog = GeneratedCatalog.Read(TestData.PathOf("snowball", "russian-voc.txt"), TestData.PathOf("snowball", "english-voc.txt"), Seed);
        await using var index = KnownItemEvaluation.Index(catalog, Products);
        var results = KnownItemClass.All.Select(kind => KnownItemEvaluation.Run(index.Snapshot, catalog, kind, Products, QueriesOfClass, Seed)).ToList();
        foreach (var result in results)
        {
            output.WriteLine($"{result.Class.Name}: {result.Share:0.000}, at least {result.Class.Threshold}; failed: {string.Join(", ", result.Failed.Take(5).Select(f => $"'{f.Text}' for '{string.Join(' ', f.Words)}'"))}");
        }

        results.ShouldAllBe(r => r.IsMet);
    }
}
