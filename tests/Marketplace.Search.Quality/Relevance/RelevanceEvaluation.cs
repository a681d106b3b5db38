using Marketplace.Search.Ranking;

namespace Marketplace.Search.Quality.Relevance;

/// <summary>How well one setting ranks the judged products: nDCG@10 of each query.</summary>
internal sealed record RelevanceEvaluation(RankingOptions Ranking, IReadOnlyList<double> ByQuery)
{
    public double Mean => ByQuery.Average();

    public static RelevanceEvaluation Of(JudgedCorpus corpus, RankingOptions ranking)
    {
        var snapshot = corpus.Index(ranking).Snapshot;
        return new RelevanceEvaluation(ranking, [.. corpus.Queries.Select(q => q.Ndcg(Search(snapshot, q.Text)))]);
    }

    public static IEnumerable<string> Search(SearchSnapshot snapshot, string text) =>
        snapshot.Search(new SearchQuery { Text = text, Highlight = false }).Hits.Select(h => h.ProductId);
}
