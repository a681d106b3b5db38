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

    [Fact]
    public void The_few_that_have_a_word_as_typed_go_before_all_that_a_correction_finds()
    {
        Sell("чайнк для плиты");
        for (var n = 0; n < 150; n++)
        {
            _index.Upsert($$"""{"product_id": "kettle {{n}}", "name": "Чайник", "category": "Чайник", "description": "Чайник, чайник"}""");
        }

        _index.Publish();
        var found = _index.Snapshot.Search(new SearchQuery { Text = "чайнк ", Explain = true });
        found.Total.ShouldBe(151);
        found.Hits[0].ProductId.ShouldBe("id of чайнк для плиты");
        found.Hits[0].Explain.Sum(part => part.Score).ShouldBe(found.Hits[0].Score, 0.001);
        found.DidYouMean.ShouldBeNull();
        _index.Snapshot.Search(new SearchQuery { Text = "чайнк ", Limit = 200 }).Hits.Select(hit => hit.ProductId).Distinct().Count().ShouldBe(151);
    }

    [Fact]
    public void A_name_with_the_words_as_typed_goes_before_those_with_other_forms_whatever_else_they_have()
    {
        for (var n = 0; n < 130; n++)
        {
            _index.Upsert($$"""{"product_id": "pair {{n}}", "name": "Наушники синие", "category": "Наушники", "tags": ["наушники"], "description": "Наушники, наушники"}""");
        }

        Sell("запасной к плееру наушник");
        Search("наушник").Hits[0].ProductId.ShouldBe("id of запасной к плееру наушник");
        Search("наушники").Hits[0].ProductId.ShouldStartWith("pair");
    }

    [Fact]
    public void Words_that_no_product_has_do_not_hide_what_has_the_known_one()
    {
        Sell("смартфон синий", "смартфон белый", "мяч синий");
        Search("купить смартфон недорого").Hits.Select(hit => hit.ProductId).ShouldBe(["id of смартфон синий", "id of смартфон белый"], ignoreOrder: true);
        Search("ывапрол фывапро цукенг").Total.ShouldBe(0);
    }

    [Theory]
    [InlineData("лэптоп")]
    [InlineData("лэптопы")]
    [InlineData("лэптопами")]
    public void A_synonym_is_known_in_every_form(string typed)
    {
        Sell("ноутбук белый", "мяч синий");
        Search(typed).Hits.Select(hit => hit.ProductId).ShouldBe(["id of ноутбук белый"]);
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
