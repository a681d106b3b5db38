namespace Marketplace.Search;

public enum SearchSort
{
    /// <summary>Best match first.</summary>
    Relevance,
    PriceAscending,
    PriceDescending,

    /// <summary>By the log's time, latest first.</summary>
    Newest,
    Popularity,
}

/// <summary>What a shopper asks for. Words, filters and order are independent; an empty <see cref="Text"/> asks for all products.</summary>
public sealed record SearchQuery
{
    /// <summary>Words, <c>"phrases"</c> and <c>-words</c> that must not be there, as typed.</summary>
    public string Text { get; init; } = "";

    public int Limit { get; init; } = 10;

    public int Offset { get; init; }

    public string? Category { get; init; }

    public string? Brand { get; init; }

    public string? StoreId { get; init; }

    /// <summary>Inclusive; only products priced in <see cref="Currency"/> pass.</summary>
    public decimal? MinPrice { get; init; }

    /// <summary>Inclusive; only products priced in <see cref="Currency"/> pass.</summary>
    public decimal? MaxPrice { get; init; }

    /// <summary>The currency of the price bounds, of price order and of the price facet.</summary>
    public string Currency { get; init; } = "RUB";

    /// <summary>Only products of which the shop says that units are available.</summary>
    public bool InStock { get; init; }

    public SearchSort Sort { get; init; }

    /// <summary><c>category</c>, <c>brand</c>, <c>store_id</c>, <c>price</c> or the name of any specification.</summary>
    public IReadOnlyList<string> Facets { get; init; } = [];

    /// <summary>Adds the parts of each score.</summary>
    public bool Explain { get; init; }

    public bool Highlight { get; init; } = true;

    /// <summary>Products found after which no more are looked for, about; the total is then how many were found so far.</summary>
    internal int Effort { get; init; } = int.MaxValue;
}
