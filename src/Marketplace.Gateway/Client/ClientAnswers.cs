using System.ComponentModel.DataAnnotations;

namespace Marketplace.Gateway.Client;

// The shapes of the clients' answers, for the OpenAPI document: the answers themselves are written without objects.

/// <param name="QueryId">For <c>query_id</c> of the events that this search leads to.</param>
/// <param name="AsOf">
/// The state of the index that answered. Sent along with the next <c>offset</c> (the last one and <c>limit</c>), it has the next page answered
/// from the same state; another one in the answer says that that is gone, and the newest answered.
/// </param>
/// <param name="Total">How many products match on all pages; products that were taken off sale since are left out of their page.</param>
public sealed record SearchPage(
    Guid QueryId, string Query, string AsOf, long Total, IReadOnlyList<SearchItem> Items, IReadOnlyDictionary<string, FacetAnswer> Facets, string? DidYouMean, double TookMs);

/// <param name="Highlights">By field: text with what matched in <c>&lt;em&gt;</c>.</param>
/// <param name="Explain">The score's parts, with <c>explain=true</c>.</param>
public sealed record SearchItem(ProductAnswer Product, double Score, IReadOnlyDictionary<string, string> Highlights, IReadOnlyList<ScorePartAnswer>? Explain);

public sealed record ScorePartAnswer(string Name, double Score, string Detail);

/// <param name="Statistics">Of the facet <c>price</c>.</param>
public sealed record FacetAnswer(IReadOnlyList<FacetValueAnswer> Values, PriceStatisticsAnswer? Statistics);

public sealed record FacetValueAnswer(string Value, long Count, decimal? From, decimal? To);

public sealed record PriceStatisticsAnswer(decimal Min, decimal Max, decimal Average, long Count);

public sealed record SuggestPage(string Query, IReadOnlyList<SuggestionAnswer> Items);

public sealed record SuggestionAnswer(string Text, [property: AllowedValues("product", "brand", "category", "query")] string Kind, string? ProductId);

public sealed record RecommendationPage(string UserId, IReadOnlyList<RecommendationItem> Items);

public sealed record SimilarPage(string ProductId, IReadOnlyList<RecommendationItem> Items);

public sealed record RecommendationItem(ProductAnswer Product, double Score, ReasonAnswer Reason);

/// <param name="Because">The client's own products that led here.</param>
public sealed record ReasonAnswer([property: AllowedValues("bought_together", "viewed_together", "similar_content", "trending", "popular", "discovery")] string Kind, IReadOnlyList<string> Because);

/// <summary>The shape may have members beside those that are named.</summary>
public interface IOpenAnswer;

/// <summary>A product as the shop sent it, with whatever else the shop sent.</summary>
/// <param name="CreatedAt">An ISO 8601 day or instant, as it was sent.</param>
/// <param name="UpdatedAt">An ISO 8601 day or instant, as it was sent.</param>
/// <param name="Index">A text or a number.</param>
public sealed record ProductAnswer(
    string ProductId,
    string Name,
    string? Description,
    PriceAnswer? Price,
    string? Category,
    string? Brand,
    StockAnswer? Stock,
    string? Sku,
    IReadOnlyList<string>? Tags,
    IReadOnlyList<ImageAnswer>? Images,
    IReadOnlyDictionary<string, object>? Specifications,
    string? CreatedAt,
    string? UpdatedAt,
    object? Index,
    string? StoreId) : IOpenAnswer;

public sealed record PriceAnswer(decimal? Amount, string? Currency) : IOpenAnswer;

public sealed record StockAnswer(long? Available, long? Reserved) : IOpenAnswer;

public sealed record ImageAnswer(string? Url, string? Alt) : IOpenAnswer;
