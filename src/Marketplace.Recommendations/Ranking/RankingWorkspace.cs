using Marketplace.Recommendations.Content;

namespace Marketplace.Recommendations.Ranking;

/// <summary>What a query writes to while it runs; one a thread, kept from query to query.</summary>
internal sealed class RankingWorkspace
{
    public ScoreMap Buying { get; } = new();

    public ScoreMap Browsing { get; } = new();

    public ScoreMap Content { get; } = new();

    public ScoreMap Total { get; } = new();

    public TopItems Best { get; } = new();

    public ContentWorkspace ContentQuery { get; } = new();

    public List<Candidate> Candidates { get; } = [];

    public Exclusions Excluded { get; } = new();

    /// <summary>What one item of the answer comes from.</summary>
    public ScoreMap Sources { get; } = new();

    /// <summary>The items that are among the candidates already.</summary>
    public HashSet<int> Taken { get; } = [];

    public void Clear()
    {
        Buying.Clear();
        Browsing.Clear();
        Content.Clear();
        Total.Clear();
        Candidates.Clear();
        Taken.Clear();
        Excluded.Clear();
    }
}
