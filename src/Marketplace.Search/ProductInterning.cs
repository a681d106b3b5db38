using Marketplace.Products;
using Marketplace.Search.Segments;

namespace Marketplace.Search;

/// <summary>Puts numbers of the index's tables in the place of a product's words. For the index's writer alone.</summary>
internal sealed class ProductInterning(IndexTables tables, IPopularity? popularity)
{
    private int[] _specifications = new int[64];

    public ProductFacts FactsOf(ProductDocument product) => new()
    {
        Price = product.Price is { } price ? ProductColumns.ScalePrice(price.Amount) : ProductColumns.NoPrice,
        Currency = product.Price is { } priced ? (ushort)Math.Min(tables.Currencies.Intern(priced.Currency), ushort.MaxValue) : (ushort)0,
        Category = tables.Categories.Intern(product.Category),
        Brand = tables.Brands.Intern(product.Brand),
        Store = tables.Stores.Intern(product.StoreId),
        Popularity = popularity?.Of(product.Id) ?? 0,
        Stock = product.IsInStock ? StockState.InStock : product.IsSoldOut ? StockState.SoldOut : StockState.Unknown,
    };

    /// <returns>Numbers of its pairs of name and value, ascending, each once; good until the next call.</returns>
    public ReadOnlySpan<int> SpecificationsOf(ProductDocument product)
    {
        var count = 0;
        foreach (var (name, value) in product.Specifications)
        {
            var pair = tables.Specifications.Intern(name, value);
            if (pair >= 0)
            {
                if (count == _specifications.Length)
                {
                    Array.Resize(ref _specifications, count * 2);
                }

                _specifications[count++] = pair;
            }
        }

        var pairs = _specifications.AsSpan(0, count);
        pairs.Sort();
        return pairs[..Distinct(pairs)];
    }

    private static int Distinct(Span<int> sorted)
    {
        var count = 0;
        foreach (var value in sorted)
        {
            if (count == 0 || sorted[count - 1] != value)
            {
                sorted[count++] = value;
            }
        }

        return count;
    }
}
