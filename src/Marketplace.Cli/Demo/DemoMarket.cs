using Marketplace.Products;
using Marketplace.SampleData;

namespace Marketplace.Cli.Demo;

/// <summary>What is on sale in the demo, by category: the sample catalogue.</summary>
internal sealed class DemoMarket
{
    private readonly List<DemoProduct[]> _categories;

    public DemoMarket(int products)
    {
        Products =
        [
            .. new SampleCatalog().Take(products)
                .Select(json => ProductReader.TryRead(json, out var product) ? product : null).OfType<ProductDocument>()
                .Select(product => new DemoProduct(product.Id, product.Name, product.Category ?? "", product.Brand ?? "", product.Price?.Amount ?? 0)),
        ];
        _categories = [.. Products.GroupBy(product => product.Category).Select(category => category.ToArray())];
    }

    public IReadOnlyList<DemoProduct> Products { get; }

    public int Categories => _categories.Count;

    /// <summary>A product of a category; the first ones are wanted more, as in life.</summary>
    /// <param name="brand">Preferred in two of three cases where there is one.</param>
    public DemoProduct Pick(int category, string? brand, Random random)
    {
        var products = _categories[category];
        if (brand is not null && random.Next(3) > 0 && products.Where(p => p.Brand == brand).ToArray() is { Length: > 0 } preferred)
        {
            products = preferred;
        }

        return products[(int)(products.Length * Math.Pow(random.NextDouble(), 2))];
    }
}

internal sealed record DemoProduct(string Id, string Name, string Category, string Brand, decimal Price);
