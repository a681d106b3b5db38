using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Search.Tests;

/// <summary>Facets of values that the short keys of products have no room for; all others are in <see cref="NaiveEquivalenceTests"/>.</summary>
public sealed class FacetTests
{
    [Fact]
    public async Task Values_are_told_apart_also_when_there_are_very_many()
    {
        const int Brands = ushort.MaxValue + 100;
        await using var index = new SearchIndex(new SearchIndexOptions { BufferedProducts = Brands + 10, FacetValues = 3 }, new FakeTimeProvider());
        for (var brand = 0; brand < Brands; brand++)
        {
            Add(brand, brand);
        }

        Add(Brands, Brands - 1);
        Add(Brands + 1, Brands - 1);
        Add(Brands + 2, Brands - 2);

        var facet = index.Publish().Search(new SearchQuery { Text = "товар ", Facets = ["brand"] }).Facets.Single();
        facet.Values.Select(value => (value.Value, value.Count)).ShouldBe([($"b{Brands - 1}", 3), ($"b{Brands - 2}", 2), ("b0", 1)]);

        void Add(int id, int brand) => index.Upsert($$"""{"product_id":"p{{id}}","name":"товар","brand":"b{{brand}}"}""");
    }
}
