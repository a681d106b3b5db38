using Marketplace.Search.Analysis;
using Marketplace.Search.Querying;
using Microsoft.Extensions.Time.Testing;
using Shouldly;

namespace Marketplace.Search.Tests;

/// <summary>Random changes and queries: every answer equals that of a scan over all products.</summary>
public sealed class NaiveEquivalenceTests
{
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    public async Task Every_answer_equals_a_scan_of_all_products(int seed, int mergeFactor)
    {
        var catalog = new RandomCatalog(seed);
        var model = new Dictionary<string, NaiveProduct>();
        var time = new FakeTimeProvider();
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = mergeFactor, BufferedProducts = 50 }, time);
        for (var round = 0; round < 60; round++)
        {
            for (var change = catalog.Random.Next(25); change >= 0; change--)
            {
                var id = catalog.Id();
                if (catalog.Random.Next(5) == 0)
                {
                    index.Delete(id).ShouldBe(model.Remove(id));
                }
                else
                {
                    var (product, source) = catalog.Product(id);
                    var timestamp = catalog.Random.Next(1000);
                    index.Upsert(product, source, timestamp);
                    model[id] = new NaiveProduct(product, source, timestamp);
                }
            }

            time.Advance(TimeSpan.FromSeconds(1));
            var snapshot = index.Publish();
            // While merges run, word statistics change between our plan and the index's: then everything but scores is compared.
            var isQuiet = round % 3 == 0;
            if (isQuiet)
            {
                await index.WhenMergedAsync(TestContext.Current.CancellationToken);
                snapshot = index.Snapshot;
            }

            snapshot.Count.ShouldBe(model.Count);
            for (var q = 0; q < 6; q++)
            {
                Compare(snapshot, model.Values, RandomQuery(catalog), isQuiet);
            }

            CompareById(snapshot, model, catalog.Id());
        }
    }

    private static SearchQuery RandomQuery(RandomCatalog catalog)
    {
        var random = catalog.Random;
        var text = random.Next(8) switch
        {
            0 => "",
            1 => $"\"{catalog.Text(3)}\" {catalog.Text(1)}",
            2 => $"{catalog.Text(2)} -{catalog.Pick(RandomCatalog.Words)}",
            3 => string.Concat(catalog.Pick(RandomCatalog.Words).Take(random.Next(1, 4))),
            4 => catalog.Id(),
            5 => $"sku {random.Next(20)}",
            _ => catalog.Text(4) + (random.Next(2) == 0 ? " " : ""),
        };
        return new SearchQuery
        {
            Text = text,
            Limit = random.Next(1, 30),
            Offset = random.Next(3) == 0 ? random.Next(20) : 0,
            Category = random.Next(4) == 0 ? "часы" : null,
            Brand = random.Next(4) == 0 ? catalog.Pick(["samsung", "apple", "none"]) : null,
            StoreId = random.Next(5) == 0 ? "s1" : null,
            MinPrice = random.Next(5) == 0 ? random.Next(200) : null,
            MaxPrice = random.Next(5) == 0 ? random.Next(250) : null,
            InStock = random.Next(4) == 0,
            Sort = catalog.Pick(Enum.GetValues<SearchSort>()),
            Facets = ["category", "brand", "store_id", "price", "цвет"],
        };
    }

    private static void Compare(SearchSnapshot snapshot, IReadOnlyCollection<NaiveProduct> model, SearchQuery query, bool compareScores)
    {
        var actual = snapshot.Search(query);
        var ranking = snapshot.Options.Ranking;
        var plan = new QueryPlanner(snapshot.Tables, ranking, snapshot.Count).Plan(QueryParser.Parse(query.Text, new Tokenizer()), []);
        var naive = new NaiveSearch(model, snapshot.Tables, ranking);
        var fewest = Math.Max(1, (plan.Required + 1) / 2);
        var needed = plan.Required;
        var expected = naive.Search(query, plan, needed);
        while (expected.Total == 0 && needed > fewest)
        {
            expected = naive.Search(query, plan, --needed);
        }

        var context = $"query '{query.Text}' {query.Sort}";
        actual.Total.ShouldBe(expected.Total, context);
        CompareOrder(actual, expected.Hits, query, compareScores, context);
        CompareFacets(actual, expected.Hits.ConvertAll(h => h.Product), context);
    }

    private static void CompareOrder(SearchResult actual, List<(NaiveProduct Product, double Score)> expected, SearchQuery query, bool compareScores, string context)
    {
        foreach (var hit in actual.Hits)
        {
            var (product, score) = expected.Single(e => e.Product.Product.Id == hit.ProductId);
            hit.Source.ToArray().ShouldBe(product.Source, context);
            hit.TimestampMs.ShouldBe(product.Timestamp);
            if (compareScores)
            {
                // What lies between is the reranker's bonus, which has tests of its own.
                hit.Score.ShouldBeInRange(score - 1e-3, (score * 1.5) + 1e-3, context);
            }

            if (compareScores && query.Sort != SearchSort.Relevance)
            {
                hit.Score.ShouldBe(score, 1e-3, context);
            }
        }

        if (query.Sort == SearchSort.Relevance)
        {
            actual.Hits.Select(h => h.Score).ShouldBe(actual.Hits.Select(h => h.Score).OrderDescending(), context);
            actual.Hits.Count.ShouldBe(Math.Clamp(expected.Count - query.Offset, 0, query.Limit), context);
            return;
        }

        var ordered = expected
            .OrderByDescending(e => Key(e.Product, query))
            .ThenByDescending(e => e.Product.Timestamp)
            .ThenBy(e => e.Product.Product.Id, StringComparer.Ordinal)
            .Skip(query.Offset).Take(query.Limit)
            .Select(e => e.Product.Product.Id);
        actual.Hits.Select(h => h.ProductId).ShouldBe(ordered, context);
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
            actual.Facets[3].Statistics.ShouldBe(new PriceStatistics(prices.Min(), prices.Max(), decimal.Round(prices.Average(), 2), prices.Count), context);
        }
    }

    private static List<(string, long)> Counts(Facet facet) => [.. facet.Values.Select(v => (v.Value, v.Count))];

    private static List<(string, long)> Count(List<NaiveProduct> products, Func<NaiveProduct, string?> value) =>
        [.. products.Select(value).Where(v => v is not null).GroupBy(v => v!).Select(g => (g.Key, (long)g.Count()))];

    private static void CompareById(SearchSnapshot snapshot, Dictionary<string, NaiveProduct> model, string id)
    {
        snapshot.TryGet(id, out var found).ShouldBe(model.TryGetValue(id, out var expected));
        if (expected is not null)
        {
            found.Source.ToArray().ShouldBe(expected.Source);
            found.TimestampMs.ShouldBe(expected.Timestamp);
            found.IsSoldOut.ShouldBe(expected.Product.IsSoldOut);
        }
    }
}
