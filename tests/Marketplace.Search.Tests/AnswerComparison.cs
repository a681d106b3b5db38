using Marketplace.Search.Analysis;
using Marketplace.Search.Querying;

namespace Marketplace.Search.Tests;

/// <summary>Holds an answer of the index against that of a scan over all products.</summary>
internal static class AnswerComparison
{
    public static void Compare(SearchSnapshot snapshot, IReadOnlyCollection<NaiveProduct> model, SearchQuery query)
    {
        var actual = snapshot.Search(query);
        var (plan, expected) = Naive(snapshot, model, query);
        Compare(snapshot, model, query, actual, plan, expected);
    }

    private static (QueryPlan Plan, List<NaiveHit> Hits) Naive(SearchSnapshot snapshot, IReadOnlyCollection<NaiveProduct> model, SearchQuery query)
    {
        var ranking = snapshot.Options.Ranking;
        var naive = new NaiveSearch(model, snapshot.Tables, ranking);
        var direct = model.Where(p => NaiveSearch.IsDirect(query.Text, p.Product)).Select(_ => default(DirectHit)).ToList();
        var planner = snapshot.Planner();
        var reading = new QueryReading(planner, ranking, new Tokenizer())
            .Read(query.Text, direct, (plan, needed) => naive.Search(query, plan, needed), hits => hits.Count, naive.GoFirst);
        return (reading.Plan, naive.Rank(reading.Found, reading.Plan, reading.HasAllWords ? planner.AsTyped(reading.Plan) : null));
    }

    private static void Compare(SearchSnapshot snapshot, IReadOnlyCollection<NaiveProduct> model, SearchQuery query, SearchResult actual, QueryPlan plan, List<NaiveHit> expected)
    {
        var context = $"query '{query.Text}' {query.Sort}, {model.Count} products of {snapshot.Count}";
        actual.Total.ShouldBe(expected.Count, context);
        CompareOrder(actual, expected, query, context);
        CompareFacets(actual, expected.ConvertAll(h => h.Product), context);
    }

    private static void CompareOrder(SearchResult actual, List<NaiveHit> expected, SearchQuery query, string context)
    {
        var ordered = query.Sort == SearchSort.Relevance
            ? expected
            : [.. expected.OrderByDescending(e => Key(e.Product, query)).ThenByDescending(e => e.Product.Timestamp).ThenBy(e => e.Product.Product.Id, StringComparer.Ordinal)];
        ordered = [.. ordered.Skip(query.Offset).Take(query.Limit)];
        actual.Hits.Count.ShouldBe(ordered.Count, context);
        foreach (var (hit, place) in actual.Hits.Select((h, i) => (h, i)))
        {
            var found = expected.Single(e => e.Product.Product.Id == hit.ProductId);
            hit.Source.ToArray().ShouldBe(found.Product.Source, context);
            hit.TimestampMs.ShouldBe(found.Product.Timestamp);
            if (query.Sort == SearchSort.Relevance)
            {
                // Sums of the same numbers in another order: products that differ by less than that may change places.
                hit.Score.ShouldBe(found.Score, 1e-3, context);
                hit.Score.ShouldBe(ordered[place].Score, 2e-3, context);
            }
            else
            {
                hit.ProductId.ShouldBe(ordered[place].Product.Product.Id, context);
            }
        }
    }

    private static double Key(NaiveProduct product, SearchQuery query)
    {
        var price = product.Product.Price is { } p && p.Currency == query.Currency ? (double?)p.Amount : null;
        return query.Sort switch
        {
            SearchSort.Newest => product.Timestamp,
            SearchSort.PriceAscending => price is { } low ? -low : double.MinValue,
            SearchSort.PriceDescending => price ?? double.MinValue,
            _ => 0,
        };
    }

    private static void CompareFacets(SearchResult actual, List<NaiveProduct> expected, string context)
    {
        Counts(actual.Facets[0]).ShouldBe(Count(expected, p => p.Product.Category), ignoreOrder: true, context);
        Counts(actual.Facets[1]).ShouldBe(Count(expected, p => p.Product.Brand), ignoreOrder: true, context);
        Counts(actual.Facets[2]).ShouldBe(Count(expected, p => p.Product.StoreId), ignoreOrder: true, context);
        Counts(actual.Facets[4]).ShouldBe(Count(expected, p => p.Product.Specifications.Where(s => s.Name == "Цвет").Select(s => s.Value).FirstOrDefault()), ignoreOrder: true, context);
        var prices = expected.Select(p => p.Product.Price).Where(p => p is { Currency: "RUB" }).Select(p => p!.Value.Amount).ToList();
        actual.Facets[3].Values.Sum(v => v.Count).ShouldBe(prices.Count, context);
        foreach (var range in actual.Facets[3].Values)
        {
            range.Count.ShouldBe(prices.Count(p => p >= range.From && (range.To is null || p < range.To)), context);
        }

        if (prices.Count > 0)
        {
            actual.Facets[3].Statistics.ShouldBe(new PriceStatistics(prices.Min(), prices.Max(), decimal.Round(prices.Average(), 4), prices.Count), context);
        }
    }

    private static List<(string, long)> Counts(Facet facet) => [.. facet.Values.Select(v => (v.Value, v.Count))];

    private static List<(string, long)> Count(List<NaiveProduct> products, Func<NaiveProduct, string?> value) =>
        [.. products.Select(value).Where(v => v is not null).GroupBy(v => v!).Select(g => (g.Key, (long)g.Count()))];
}
