namespace Marketplace.Recommendations.Evaluation;

/// <summary>A way to recommend, as the evaluation sees it.</summary>
public interface IRankingMethod
{
    string Name { get; }

    void Learn(in Interaction interaction);

    /// <summary>To be called when learning pauses and ranking begins.</summary>
    void Prepare();

    /// <summary>The best items for the user, the best first, at most <paramref name="count"/>.</summary>
    /// <param name="time">Now, in milliseconds since the Unix epoch.</param>
    IReadOnlyList<int> Rank(int user, int count, long time);
}
