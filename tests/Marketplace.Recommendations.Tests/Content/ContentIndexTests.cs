using Marketplace.Products;
using Marketplace.Recommendations.Content;
using Marketplace.Recommendations.Ranking;

namespace Marketplace.Recommendations.Tests.Content;

public class ContentIndexTests
{
    /// <summary>Small enough that a query's bounds are never reached: then its answer is exact.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Finds_what_a_scan_of_all_products_finds(int seed)
    {
        var random = new Random(seed);
        var index = new ContentIndex();
        var model = new Dictionary<int, ProductDocument>();
        for (var step = 0; step < 400; step++)
        {
            var item = random.Next(50);
            var product = Catalogue.RandomProduct(random, $"p{item}");
            model[item] = product;
            index.Set(item, product);
        }

        foreach (var item in model.Keys)
        {
            var scores = new ScoreMap();
            index.AddSimilar(item, 1, scores, new ContentWorkspace());
            foreach (var other in model.Keys.Where(o => o != item))
            {
                scores[other].ShouldBe(NaiveCosine(model, item, other), tolerance: 1e-4f);
            }

            scores[item].ShouldBe(0);
        }
    }

    [Fact]
    public void Words_are_the_same_in_other_forms_and_spellings()
    {
        var index = new ContentIndex();
        index.Set(0, Catalogue.Product("a", "Чёрные беспроводные НАУШНИКИ"));
        index.Set(1, Catalogue.Product("b", "черные беспроводная наушников"));
        index.Set(2, Catalogue.Product("c", "Садовый шланг"));
        index.Cosine(0, 1).ShouldBe(1, 1e-4f);
        index.Cosine(0, 2).ShouldBe(0);
    }

    [Fact]
    public void A_product_that_changes_for_ever_takes_no_more_room()
    {
        var index = new ContentIndex();
        var (before, after) = (Catalogue.Product("a", "умные часы", "Часы", "Вега", null, "новинка"), Catalogue.Product("a", "лампа", "Свет"));
        for (var i = 0; i < 1000; i++)
        {
            index.Set(0, i % 2 == 0 ? before : after);
        }

        index.Set(1, before);
        index.Set(0, before);
        index.Cosine(0, 1).ShouldBe(1, 1e-4f);

        // The runtime itself allocates on a thread now and then; a table that grows would do so each time that the changes have more than doubled.
        new[] { 2_000, 4_000, 8_000, 16_000, 32_000 }.Min(AllocatedBy).ShouldBe(0);

        long AllocatedBy(int changes)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < changes; i++)
            {
                index.Set(0, i % 2 == 0 ? after : before);
            }

            return GC.GetAllocatedBytesForCurrentThread() - allocated;
        }
    }

    private static float NaiveCosine(Dictionary<int, ProductDocument> products, int a, int b)
    {
        var vectors = products.ToDictionary(p => p.Key, p => Features(p.Value));
        double Weight(Feature f) => FieldWeight(f.Field) * Math.Log(1 + ((double)vectors.Count(v => v.Value.Count > 0) / vectors.Count(v => v.Value.Contains(f))));
        double Norm(int item) => Math.Sqrt(vectors[item].Sum(f => Weight(f) * Weight(f)));
        var shared = vectors[a].Intersect(vectors[b]).Sum(f => Weight(f) * Weight(f));
        return shared == 0 ? 0 : (float)(shared / (Norm(a) * Norm(b)));
    }

    private static double FieldWeight(FeatureField field) => field switch
    {
        FeatureField.Brand or FeatureField.BrandInCategory => 0.7,
        FeatureField.Tag => 0.8,
        _ => 1,
    };

    private static HashSet<Feature> Features(ProductDocument product)
    {
        var features = new Feature[FeatureExtractor.MaxFeatures];
        return [.. features[..FeatureExtractor.Extract(product, features)]];
    }
}
