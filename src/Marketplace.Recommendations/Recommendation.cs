namespace Marketplace.Recommendations;

/// <summary>An item of a list.</summary>
/// <param name="Score">Comparable within one list only, never rising from one item to the next.</param>
public sealed record Recommendation(string ProductId, double Score, RecommendationReason Reason);

/// <param name="Because">The client's own products that led here, the weightiest first; empty where none did.</param>
public sealed record RecommendationReason(ReasonKind Kind, IReadOnlyList<string> Because);

public enum ReasonKind
{
    /// <summary>Others who bought those bought this.</summary>
    BoughtTogether,

    /// <summary>Others who looked at those looked at this.</summary>
    ViewedTogether,

    /// <summary>It resembles those: category, brand, tags, words of the name.</summary>
    SimilarContent,

    /// <summary>Wanted by many in the last days.</summary>
    Trending,

    /// <summary>Wanted by many in the last months.</summary>
    Popular,

    /// <summary>Nothing is known yet: a stable, varied choice.</summary>
    Discovery,
}
