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
