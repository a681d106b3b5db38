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
            return new RecommendationReason(ReasonKind.SimilarContent, MostAlike(item, interests));
        }

        return buying.Share * workspace.Buying[item] >= browsing.Share * workspace.Browsing[item]
            ? new RecommendationReason(ReasonKind.BoughtTogether, Contributors(buying, interests.Buying, interests.NowSeconds, item))
            : new RecommendationReason(ReasonKind.ViewedTogether, Contributors(browsing, interests.Browsing, interests.NowSeconds, item));
    }

    private string[] Contributors(BehaviourChannel channel, ulong[] actions, double nowSeconds, int item)
    {
        var contributions = new Dictionary<int, float>();
        for (var age = 0; age < actions.Length; age++)
        {
            var action = new ClientAction(actions[^(age + 1)]);
            var contribution = channel.Contribution(action, age, nowSeconds, item);
            if (contribution > 0)
            {
                contributions[action.Item] = contributions.GetValueOrDefault(action.Item) + contribution;
            }
        }

        return Name(contributions);
    }

    private string[] MostAlike(int item, Interests interests)
    {
        var likeness = new Dictionary<int, float>();
        foreach (var source in interests.Latest())
        {
            var cosine = content.Cosine(source, item);
            if (cosine > 0)
            {
                likeness[source] = cosine;
            }
        }

        return Name(likeness);
    }

    /// <summary>What may not be shown is not named either.</summary>
    private string[] Name(Dictionary<int, float> weights) =>
    [
        .. weights.Where(w => catalog.MayBeShown(w.Key))
            .OrderByDescending(w => w.Value).ThenBy(w => w.Key)
            .Take(MaxBecause)
            .Select(w => catalog.Ids.TextOf(w.Key)),
    ];
}
