using Marketplace.Recommendations.Behaviour;
using Marketplace.Recommendations.Catalog;
using Marketplace.Recommendations.Content;
using Marketplace.Recommendations.Popularity;

namespace Marketplace.Recommendations.Ranking;

/// <summary>
/// Answers from the parts of the model as they are at this moment, without a lock: behaviour first, likeness of content
/// blended in, what all want where that is not enough.
/// </summary>
internal sealed class Recommender(
    RecommendationOptions options,
    ProductCatalog catalog,
    ContentIndex content,
    PopularityModel popularity,
    BehaviourChannel buying,
    BehaviourChannel browsing)
{
    /// <summary>Candidates beyond the limit, for variety to choose from.</summary>
    private const int Spare = 60;

    private readonly DiversePicker _picker = new(options.BrandRepetition, options.MaxBrandShare);
    private readonly ReasonFinder _reasons = new(catalog, content, popularity, buying, browsing);

    [ThreadStatic]
    private static RankingWorkspace? _threadWorkspace;

    public IReadOnlyList<Recommendation> Recommend(Interests interests, int limit)
    {
        var workspace = _threadWorkspace ??= new RankingWorkspace();
        workspace.Clear();
        workspace.Excluded.AddHidden(interests, options);
        buying.FillScores(interests.Buying, interests.NowSeconds, workspace.Buying);
        browsing.FillScores(interests.Browsing, interests.NowSeconds, workspace.Browsing);
        FillContent(interests, workspace);
        Blend(workspace, trust: 1);
        OfferPersonal(workspace, limit + Spare);
        var rest = OfferChart(popularity.Trending, CandidateTier.Trending, limit + Spare, workspace);
        OfferChart(popularity.Popular, CandidateTier.Popular, rest, workspace);
        return Answer(workspace, limit, interests);
    }

    /// <summary>Items like this one; fewer than the limit where there are no more.</summary>
    public IReadOnlyList<Recommendation> Similar(int item, int limit)
    {
        var workspace = _threadWorkspace ??= new RankingWorkspace();
        workspace.Clear();
        buying.FillNeighbours(item, workspace.Buying);
        browsing.FillNeighbours(item, workspace.Browsing);
        content.AddSimilar(item, 1, workspace.Content, workspace.ContentQuery);
        var seen = (float)(buying.Transitions.RowSum(item) + browsing.Transitions.RowSum(item)) / TransitionMatrix.One;
        Blend(workspace, trust: seen / (seen + options.BehaviourHalfTrust));
        workspace.Excluded.Add(item);
        OfferPersonal(workspace, limit + Spare);
        return Answer(workspace, limit, Interests.Of(item));
    }

    private void FillContent(Interests interests, RankingWorkspace workspace)
    {
        var weight = 1f;
        foreach (var item in interests.Latest)
        {
            content.AddSimilar(item, weight, workspace.Content, workspace.ContentQuery);
            weight *= 0.7f;
        }
    }

    /// <summary>Behaviour scaled to at most <paramref name="trust"/>, and likeness of content scaled to at most its weight.</summary>
    private void Blend(RankingWorkspace workspace, float trust)
    {
        var (behaviour, likeness) = (workspace.Total, workspace.Content);
        Add(workspace.Buying, buying.Share);
        Add(workspace.Browsing, browsing.Share);
        Scale(behaviour, trust / Math.Max(float.Epsilon, behaviour.Max));
        Scale(likeness, options.ContentWeight / Math.Max(1, likeness.Max));
        for (var entry = 0; entry < likeness.Count; entry++)
        {
            behaviour.Add(likeness.ItemAt(entry), likeness.ScoreAt(entry));
        }

        static void Scale(ScoreMap scores, float factor)
        {
            for (var entry = 0; entry < scores.Count; entry++)
            {
                scores.Multiply(entry, factor);
            }
        }

        void Add(ScoreMap scores, float share)
        {
            for (var entry = 0; entry < scores.Count; entry++)
            {
                behaviour.Add(scores.ItemAt(entry), scores.ScoreAt(entry) * share);
            }
        }
    }

    private void OfferPersonal(RankingWorkspace workspace, int wanted)
    {
        var best = workspace.Best;
        best.Reset(wanted);
        for (var entry = 0; entry < workspace.Total.Count; entry++)
        {
            var item = workspace.Total.ItemAt(entry);
            var score = workspace.Total.ScoreAt(entry);
            if (score > 0 && best.WouldKeep(score) && catalog.MayBeShown(item) && !workspace.Excluded.Contains(item))
            {
                best.Offer(item, score, (float)popularity.PopularLog(item));
            }
        }

        foreach (var scored in best.Sort())
        {
            workspace.Candidates.Add(new Candidate(scored.Item, CandidateTier.Personal, scored.Score, BrandOf(scored.Item)));
            workspace.Taken.Add(scored.Item);
        }
    }

    /// <summary>Offers the chart's best, whose scores say no more than their order; returns how many are still wanted.</summary>
    private int OfferChart(Chart chart, CandidateTier tier, int wanted, RankingWorkspace workspace)
    {
        var listed = chart.Listed;
        for (var place = 0; place < listed.Length && wanted > 0; place++)
        {
            var item = listed[place];
            if (catalog.MayBeShown(item) && !workspace.Excluded.Contains(item) && workspace.Taken.Add(item))
            {
                workspace.Candidates.Add(new Candidate(item, tier, 0.01f / (1 + (0.01f * place)), BrandOf(item)));
                wanted--;
            }
        }

        return wanted;
    }

    private IReadOnlyList<Recommendation> Answer(RankingWorkspace workspace, int limit, Interests interests)
    {
        var candidates = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(workspace.Candidates);
        var picked = candidates[.._picker.Pick(candidates, limit)];
        var answer = new List<Recommendation>(picked.Length);
        foreach (var candidate in picked)
        {
            // Asked once more: a ban may have come while the list was made.
            if (catalog.MayBeShown(candidate.Item))
            {
                answer.Add(new Recommendation(catalog.Ids.TextOf(candidate.Item), candidate.Score, _reasons.Find(candidate, interests, workspace)));
            }
        }

        return answer;
    }

    private int BrandOf(int item) => content.FeatureOf(item, FeatureField.Brand);
}
