using Shouldly;

namespace Marketplace.Search.Tests;

/// <summary>Which words of a query are taken for mistyped ones. «Салон» is one letter from «слон», «палка» from «балка».</summary>
public sealed class ReadingTests : IAsyncDisposable
{
    private readonly SearchIndex _index = new(new SearchIndexOptions());

    public ValueTask DisposeAsync() => _index.DisposeAsync();

    [Fact]
    public void Words_that_products_have_are_not_corrected_where_a_product_has_them_all()
    {
        Sell("слон синий", "слон белый", "слон серый", "мяч синий", "стол синий", "салон красный");
        var found = Search("слон синий");
        found.Hits[0].ProductId.ShouldBe("id of слон синий");
        found.DidYouMean.ShouldBeNull();
        found.Hits.ShouldNotContain(hit => hit.ProductId == "id of салон красный");
    }

    [Fact]
    public void Of_a_query_that_finds_nothing_the_unknown_word_is_corrected_and_not_the_known_one()
    {
        Sell("слон балка", "балка белая", "балка серая", "палка красная");
        var found = Search("слоон балка");
        found.Hits[0].ProductId.ShouldBe("id of слон балка");
        found.DidYouMean.ShouldBe("слон балка");
        found.Hits.ShouldNotContain(hit => hit.ProductId == "id of палка красная");
    }

    [Fact]
    public void Where_all_words_are_known_and_no_product_has_them_all_any_may_be_mistyped()
    {
        Sell("слон палка", "слон белый", "слон серый", "балка белая", "балка серая", "балка синяя");
        var found = Search("слон балка");
        found.Hits[0].ProductId.ShouldBe("id of слон палка");
        found.DidYouMean.ShouldBe("слон палка");
    }

    [Fact]
    public void A_word_that_hardly_any_product_has_may_be_mistyped_though_it_finds_something()
    {
        Sell("чайнк новый", "чайник белый", "стол новый");
        var found = Search("чайнк новый");
        found.Hits[0].ProductId.ShouldBe("id of чайнк новый");
        found.Hits.ShouldContain(hit => hit.ProductId == "id of чайник белый");
    }

    private void Sell(params string[] names)
    {
        foreach (var name in names)
        {
            _index.Upsert($$"""{"product_id": "id of {{name}}", "name": "{{name}}"}""");
        }

        _index.Publish();
    }

    private SearchResult Search(string query) => _index.Snapshot.Search(new SearchQuery { Text = query + " " });
}
