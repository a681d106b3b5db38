namespace Marketplace.Search;

public sealed class SearchResult
{
    /// <summary>How many products match, on all pages.</summary>
    public required long Total { get; init; }

    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>In the order asked for.</summary>
    public IReadOnlyList<Facet> Facets { get; init; } = [];

    /// <summary>The query as it was understood, when that is not how it was typed.</summary>
    public string? DidYouMean { get; init; }

    /// <summary>The same without some of the hits of this page. The total is less by them only on the last page: up to there, pages are counted by it.</summary>
    public SearchResult Showing(IReadOnlyList<SearchHit> hits, int offset) => ReferenceEquals(hits, Hits)
        ? this
        : new SearchResult { Total = Total > (long)offset + Hits.Count ? Total : Total - (Hits.Count - hits.Count), Hits = hits, Facets = Facets, DidYouMean = DidYouMean };
}

public sealed class SearchHit
{
    public required string ProductId { get; init; }

    /// <summary>The shop's bytes, untouched.</summary>
    public required ReadOnlyMemory<byte> Source { get; init; }

    public required double Score { get; init; }

    /// <summary>The log's time, Unix milliseconds.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>By field: text with what matched in <c>&lt;em&gt;</c>, everything else escaped for HTML.</summary>
    public IReadOnlyDictionary<string, string> Highlights { get; init; } = new Dictionary<string, string>();

    /// <summary>The score's parts when asked for: they add up to it.</summary>
    public IReadOnlyList<ScorePart> Explain { get; init; } = [];
}

/// <param name="Name">A word of the query, or the name of a bonus.</param>
/// <param name="Detail">Which words of the product it found, and how.</param>
public sealed record ScorePart(string Name, double Score, string Detail);

public sealed record Facet(string Name, IReadOnlyList<FacetValue> Values)
{
    /// <summary>For the price facet, null when no product has a price in the currency.</summary>
    public PriceStatistics? Statistics { get; init; }
}

/// <param name="From">For a price range: inclusive.</param>
/// <param name="To">For a price range: exclusive.</param>
public sealed record FacetValue(string Value, long Count, decimal? From = null, decimal? To = null);

public sealed record PriceStatistics(decimal Min, decimal Max, decimal Average, long Count);

/// <summary>A product looked up by its id.</summary>
/// <param name="Source">The shop's bytes, untouched.</param>
/// <param name="TimestampMs">The log's time, Unix milliseconds.</param>
/// <param name="VisibleSinceMs">When searches began to find this version, Unix milliseconds; of what an index learns again after its start, when it was written.</param>
public readonly record struct FoundProduct(ReadOnlyMemory<byte> Source, long TimestampMs, long VisibleSinceMs, bool IsSoldOut);

/// <param name="Kind"><c>product</c>, <c>brand</c>, <c>category</c> or <c>query</c>.</param>
/// <param name="ProductId">For a product.</param>
public sealed record Suggestion(string Text, string Kind, string? ProductId = null);
