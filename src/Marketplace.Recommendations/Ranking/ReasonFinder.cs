using Marketplace.Recommendations.Behaviour;
using Marketplace.Recommendations.Catalog;
using Marketplace.Recommendations.Clients;
using Marketplace.Recommendations.Content;
using Marketplace.Recommendations.Popularity;

namespace Marketplace.Recommendations.Ranking;

/// <summary>Says why an item is in a list: which evidence weighed most, and which of the client's own products it came from.</summary>
internal sealed class ReasonFinder(ProductCatalog catalog, ContentIndex content, PopularityModel popularity, BehaviourChannel buying, BehaviourChannel browsing)
{
    private const int MaxBecause = 3;

    public RecommendationReason Find(Candidate candidate, Interests interests, RankingWorkspace workspace)
    {
        var item = candidate.Item;
        if (candidate.Tier != CandidateTier.Personal)
        {
            return new RecommendationReason(
                candidate.Tier == CandidateTier.Trending ? ReasonKind.Trending
                : popularity.IsWanted(item) ? ReasonKind.Popular
                : ReasonKind.Discovery,
                []);
        }

        var likeness = workspace.Content[item];
        if (likeness * 2 > workspace.Total[item])
        {
            return new RecommendationReason(ReasonKind.SimilarContent, MostAlike(item, interests, workspace));
        }

        return buying.Share * workspace.Buying[item] >= browsing.Share * workspace.Browsing[item]
            ? new RecommendationReason(ReasonKind.BoughtTogether, Contributors(buying, interests.Buying, interests.NowSeconds, item, workspace))
            : new RecommendationReason(ReasonKind.ViewedTogether, Contributors(browsing, interests.Browsing, interests.NowSeconds, item, workspace));
    }

    private string[] Contributors(BehaviourChannel channel, ulong[] actions, double nowSeconds, int item, RankingWorkspace workspace)
    {
        workspace.Sources.Clear();
        for (var age = 0; age < actions.Length; age++)
        {
            var action = new ClientAction(actions[^(age + 1)]);
            var contribution = channel.Contribution(action, age, nowSeconds, item);
            if (contribution > 0)
            {
                workspace.Sources.Add(action.Item, contribution);
            }
        }

        return NameBest(workspace);
    }

    private string[] MostAlike(int item, Interests interests, RankingWorkspace workspace)
    {
        workspace.Sources.Clear();
        foreach (var source in interests.Latest)
        {
            var cosine = content.Cosine(source, item);
            if (cosine > 0)
            {
                workspace.Sources.Add(source, cosine);
            }
        }

        return NameBest(workspace);
    }

    /// <summary>What may not be shown is not named either.</summary>
    private string[] NameBest(RankingWorkspace workspace)
    {
        var (sources, best) = (workspace.Sources, workspace.Best);
        best.Reset(MaxBecause);
        for (var entry = 0; entry < sources.Count; entry++)
        {
            if (catalog.MayBeShown(sources.ItemAt(entry)))
            {
                best.Offer(sources.ItemAt(entry), sources.ScoreAt(entry));
            }
        }

        var sorted = best.Sort();
        var names = new string[sorted.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = catalog.Ids.TextOf(sorted[i].Item);
        }

        return names;
    }
}
