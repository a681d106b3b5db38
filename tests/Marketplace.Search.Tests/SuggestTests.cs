using Marketplace.Search.Suggesting;

namespace Marketplace.Search.Tests;

public sealed class SuggestTests : IAsyncDisposable
{
    private readonly QueryCompletions _queries = new();
    private readonly SearchIndex _index;

    public SuggestTests()
    {
        _index = new SearchIndex(new SearchIndexOptions { Queries = _queries });
        Add("w1", "Умные часы", "Samsung");
        Add("w2", "Умная колонка", "Ёлкин");
        Add("x", "Умный замок", "Bosch");
        _index.Publish();
    }

    public ValueTask DisposeAsync() => _index.DisposeAsync();

    [Fact]
    public void Completes_to_what_others_searched_the_most_frequent_first()
    {
        Ask("умная  Колонка");
        Ask("умные часы", 3);
        Texts("умн", "query").ShouldBe(["умные часы", "умная Колонка"]);
        Texts("УМНЫЕ ч", "query").ShouldBe(["умные часы"]);
        Texts("умные часы", "query").ShouldBeEmpty("there is nothing left to complete");
        Texts("час", "query").ShouldBeEmpty();
    }

    [Fact]
    public void What_stands_around_a_query_is_not_suggested_with_it()
    {
        Ask("умные часы,");
        Ask(", умные часы ?");
        Texts("умн", "query").ShouldBe(["умные часы"]);
    }

    [Fact]
    public void Completes_to_no_query_that_finds_nothing_any_more()
    {
        Ask("умный замок");
        Ask("умный замок для Анны Петровой", 9);
        Texts("умный", "query").ShouldBe(["умный замок"]);
        _index.Delete("x").ShouldBeTrue();
        _index.Publish();
        Texts("умный", "query").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sam")]
    [InlineData("samsing")]
    [InlineData("smas")]
    [InlineData("ыфь")]
    public void Completes_to_a_brand_also_mistyped_or_on_the_other_layout(string typed) => Texts(typed, "brand").ShouldBe(["Samsung"]);

    [Theory]
    [InlineData("елки")]
    [InlineData("ЁЛКЕН")]
    [InlineData("`krby")]
    public void Completes_to_a_brand_with_its_own_letters(string typed) => Texts(typed, "brand").ShouldBe(["Ёлкин"]);

    [Fact]
    public void What_begins_a_word_of_a_product_is_no_mistyped_brand()
    {
        Texts("samsa", "brand").ShouldBe(["Samsung"]);
        Add("s", "Samsara", "Bosch");
        _index.Publish();
        Texts("samsa", "brand").ShouldBeEmpty();
        Texts("samsa", "product").ShouldBe(["Samsara"]);
    }

    [Fact]
    public void Completes_to_a_brand_only_while_it_is_for_sale()
    {
        _index.Delete("w1");
        _index.Publish();
        Texts("samsing", "brand").ShouldBeEmpty();
    }

    [Fact]
    public void Brands_go_by_how_many_products_have_them_now()
    {
        foreach (var (id, brand) in new[] { ("a", "Самсон"), ("b", "Самсон"), ("c", "Самсон"), ("d", "Самара"), ("e", "Самара") })
        {
            Add(id, "чайник", brand);
        }

        Texts("самс", "brand").ShouldBe(["Самсон"]);
        Texts("сама", "brand").ShouldBe(["Самара"]);
        _index.Publish();
        Texts("сам", "brand").ShouldBe(["Самсон", "Самара"]);
        _index.Delete("a").ShouldBeTrue();
        Add("b", "чайник", "Самара");
        Texts("сам", "brand").ShouldBe(["Самара", "Самсон"]);
        Add("c", "чайник", "Самара");
        _index.Publish();
        Texts("сам", "brand").ShouldBe(["Самара"]);
    }

    [Theory]
    [InlineData(1, 3_000)]
    [InlineData(2, 3_000)]
    public void Queries_are_completed_as_by_a_scan_of_all_of_them(int seed, int count)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, int>();
        for (var i = 0; i < count; i++)
        {
            var query = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => "абв"[random.Next(3)]));
            model[query] = model.GetValueOrDefault(query) + 1;
            _queries.Add(query);
            if (random.Next(20) == 0)
            {
                _queries.Publish();
                var typed = query[..random.Next(1, query.Length + 1)];
                var expected = model.Where(m => m.Key.Length > typed.Length && m.Key.StartsWith(typed, StringComparison.Ordinal)).Select(m => m.Value).OrderDescending().Take(8);
                _queries.Complete(typed, 8).Select(q => model[q]).ShouldBe(expected);
            }
        }

        _queries.Publish();
        _queries.All().ShouldBe(model.Select(m => (m.Key, m.Value)), ignoreOrder: true);
    }

    [Fact]
    public void Of_too_many_queries_the_frequent_ones_stay()
    {
        for (var i = 0; i < 120_000; i++)
        {
            _queries.Add($"запрос {i}", i % 1000 == 0 ? 100 : 1);
            if (i % 500 == 0)
            {
                _queries.Publish();
            }
        }

        _queries.Publish();
        _queries.Count.ShouldBeInRange(50_000, 110_000);
        _queries.All().Count(q => q.Times > 1).ShouldBe(120);
    }

    private void Ask(string query, int times = 1)
    {
        _queries.Add(query, times);
        _queries.Publish();
    }

    private IEnumerable<string> Texts(string typed, string kind) => _index.Snapshot.Suggest(typed, 10).Where(s => s.Kind == kind).Select(s => s.Text);

    private void Add(string id, string name, string brand) =>
        _index.Upsert($$"""{"product_id": "{{id}}", "name": "{{name}}", "brand": "{{brand}}"}""", timestampMs: 0);
}
