using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
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

    [FromQuery(Name = "q"), Description("Words as typed; \"words together\"; -word for what must not be there. None asks for all products."), MaxLength(MaxQueryLength)]
    public string? Q { get; init; }

    [FromQuery(Name = "limit"), Description("10 unless given."), Range(1, MaxLimit)]
    public int? Limit { get; init; }

    [FromQuery(Name = "offset"), Description("How many of the best to pass over."), Range(0, int.MaxValue)]
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

    [FromQuery(Name = "currency"), Description("Of the price bounds, RUB unless given."), RegularExpression(CurrencyCode.Pattern, ErrorMessage = CurrencyCode.Rule)]
    public string? Currency { get; init; }

    [FromQuery(Name = "in_stock"), Description("Only products that can be bought now.")]
    public bool? InStock { get; init; }

    [FromQuery(Name = "sort"), Description("relevance unless given."), AllowedValues("relevance", "price", "-price", "newest", "popularity")]
    public string? Sort { get; init; }

    [FromQuery(Name = "facets"), Description("Comma list: category, brand, store_id, price, or any specification's name, 20 at most; of each its 50 most frequent values.")]
    public string? Facets { get; init; }

    [FromQuery(Name = "as_of"), Description("What the answer to the first page said in as_of: products come from the same state of the index, while it is held."), RegularExpression(SnapshotToken.Pattern, ErrorMessage = "must be as_of of an earlier answer")]
    public string? AsOf { get; init; }

    [FromQuery(Name = "user_id")]
    public string? UserId { get; init; }

    [FromQuery(Name = "explain"), Description("Adds the parts of each score.")]
    public bool? Explain { get; init; }

    /// <summary>What <see cref="AsOf"/> names; null where it names nothing.</summary>
    internal SnapshotToken? Snapshot => SnapshotToken.TryParse(AsOf, out var token) ? token : null;

    /// <summary>They separate words and no more: what is searched is suggested to others.</summary>
    private static string WithoutControls(string typed) => typed.Any(char.IsControl) ? new string([.. typed.Select(c => char.IsControl(c) ? ' ' : c)]) : typed;

    /// <exception cref="ProblemException">400, naming the parameters.</exception>
    public SearchQuery ToQuery()
    {
        var errors = new Dictionary<string, string[]>();
        var facets = Facets?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        Check(MinPrice is null or >= 0, "min_price", "must not be negative");
        Check(MaxPrice is null || MaxPrice >= (MinPrice ?? 0), "max_price", "must not be below min_price or negative");
        Check(string.IsNullOrEmpty(UserId) || ClientId.IsValid(UserId), "user_id", ClientId.Rule);
        Check(facets.Length <= MaxFacets, "facets", $"must be at most {MaxFacets}");
        if (errors.Count > 0)
        {
            throw ProblemException.OfFields(errors, "The search is not valid.");
        }

        return new SearchQuery
        {
            Text = WithoutControls(Q ?? ""),
            Limit = Limit ?? DefaultLimit,
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
    }
}
