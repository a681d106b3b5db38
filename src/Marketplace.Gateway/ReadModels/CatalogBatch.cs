using Marketplace.EventLog;
using Marketplace.Products;

namespace Marketplace.Gateway.ReadModels;

/// <summary>A batch of <c>filtered-products</c> with its products read once for all models.</summary>
public sealed class CatalogBatch(RecordBatch records, int models) : FeedBatch(records, models)
{
    private readonly ProductDocument?[] _products = new ProductDocument?[records.Count];

    /// <summary>Null for a tombstone, and for what is not a product.</summary>
    public ProductDocument? Product(int index) => _products[index];

    /// <summary>Reads the products; to be called before any model sees the batch.</summary>
    public CatalogBatch Parse()
    {
        for (var i = 0; i < _products.Length; i++)
        {
            if (this[i].Value is { } value && ProductReader.TryRead(value.Span, out var product))
            {
                _products[i] = product;
            }
        }

        return this;
    }
}
