using System.ComponentModel;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.ReadModels;
using Marketplace.Products;
using Marketplace.Search;
using Microsoft.AspNetCore.Mvc;

namespace Marketplace.Gateway.Client;

/// <summary>The parameters of <c>GET /client/search</c>.</summary>
public sealed record SearchRequest
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;
    private const int MaxQueryLength = 10_000;
    private const int MaxFacets = 20;

    private static readonly Dictionary<string, SearchSort> Sorts = new(StringComparer.Ordinal)
    {
        ["relevance"] = SearchSort.Relevance,
        ["price"] = SearchSort.PriceAscending,
        ["-price"] = SearchSort.PriceDescending,
        ["newest"] = SearchSort.Newest,
        ["popularity"] = SearchSort.Popularity,
    };

    [FromQuery(Name = "q"), Description("Words as typed; \"words together\"; -word for what must not be there. None asks for all products. At most 10,000 characters.")]
    public string? Q { get; init; }

    [FromQuery(Name = "limit"), Description("1 to 100, 10 unless given.")]
    public int? Limit { get; init; }

    [FromQuery(Name = "offset"), Description("How many of the best to pass over.")]
    public int? Offset { get; init; }

    [FromQuery(Name = "category")]
    public string? Category { get; init; }

    [FromQuery(Name = "brand")]
    public string? Brand { get; init; }

    [FromQuery(Name = "store_id")]
    public string? StoreId { get; init; }

    [FromQuery(Name = "min_price"), Description("Inclusive, in currency.")]
    public decimal? MinPrice { get; init; }

    [FromQuery(Name = "max_price"), Description("Inclusive, in currency.")]
    public decimal? MaxPrice { get; init; }

    [FromQuery(Name = "currency"), Description("Of the price bounds, RUB unless given.")]
    public string? Currency { get; init; }

    [FromQuery(Name = "in_stock"), Description("Only products that can be bought now.")]
    public bool? InStock { get; init; }

    [FromQuery(Name = "sort"), Description("relevance, price, -price, newest or popularity.")]
    public string? Sort { get; init; }

    [FromQuery(Name = "facets"), Description("Comma list: category, brand, store_id, price, or any specification's name, 20 at most; of each its 50 most frequent values.")]
    public string? Facets { get; init; }

    [FromQuery(Name = "as_of"), Description("What the answer to the first page said in as_of: products come from the same state of the index, while it is held.")]
    public string? AsOf { get; init; }

    [FromQuery(Name = "user_id")]
    public string? UserId { get; init; }

    [FromQuery(Name = "explain"), Description("Adds the parts of each score.")]
    public bool? Explain { get; init; }

    /// <summary>What <see cref="AsOf"/> names; null where it names nothing.</summary>
    internal SnapshotToken? Snapshot => SnapshotToken.TryParse(AsOf, out var token) ? token : null;

    /// <summary>The request as it came.</summary>
    public required HttpRequest Http { get; init; }

    /// <exception cref="ProblemException">400, naming the parameters.</exception>
    public SearchQuery ToQuery()
    {
        var errors = new Dictionary<string, string[]>();
        var limit = Limit ?? DefaultLimit;
        var facets = Facets?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        Check(limit is >= 1 and <= MaxLimit, "limit", $"must be 1 to {MaxLimit}");
        Check(Offset is null or >= 0, "offset", "must not be negative");
        Check(Q is null or { Length: <= MaxQueryLength }, "q", $"must be at most {MaxQueryLength} characters");
        Check(!IsGrouped("min_price"), "min_price", "must be a number with a point, without commas");
        Check(!IsGrouped("max_price"), "max_price", "must be a number with a point, without commas");
        Check(MinPrice is null or >= 0, "min_price", "must not be negative");
        Check(MaxPrice is null || MaxPrice >= (MinPrice ?? 0), "max_price", "must not be below min_price or negative");
        Check(Currency is null || (Currency.Length == 3 && Currency.All(char.IsAsciiLetter)), "currency", "must be three letters (ISO 4217)");
        Check(Sort is null || Sorts.ContainsKey(Sort), "sort", $"must be one of {string.Join(", ", Sorts.Keys)}");
        Check(AsOf is null || Snapshot is not null, "as_of", "must be as_of of an earlier answer");
        Check(facets.Length <= MaxFacets, "facets", $"must be at most {MaxFacets}");
        if (errors.Count > 0)
        {
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, "The search is not valid.") { Errors = errors });
        }

        return new SearchQuery
        {
            Text = Q ?? "",
            Limit = limit,
            Offset = Offset ?? 0,
            Category = Category,
            Brand = Brand,
            StoreId = StoreId,
            MinPrice = MinPrice,
            MaxPrice = MaxPrice,
            Currency = Currency?.ToUpperInvariant() ?? Price.DefaultCurrency,
            InStock = InStock ?? false,
            Sort = Sort is null ? SearchSort.Relevance : Sorts[Sort],
            Facets = facets,
            Explain = Explain ?? false,
        };

        void Check(bool isRight, string parameter, string error)
        {
            if (!isRight)
            {
                errors.TryAdd(parameter, [error]);
            }
        }

        // The framework takes a comma for a separator of thousands: «1,5» would be 15.
        bool IsGrouped(string parameter) => Http.Query[parameter].ToString().Contains(',', StringComparison.Ordinal);
    }
}
