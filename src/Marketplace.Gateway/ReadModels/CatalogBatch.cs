using Marketplace.EventLog;
using Marketplace.Products;

namespace Marketplace.Gateway.ReadModels;

/// <summary>A batch of <c>filtered-products</c> with its products read once for all models; given back when the last model is done with it.</summary>
public sealed class CatalogBatch(RecordBatch records, int models)
{
    private readonly ProductDocument?[] _products = new ProductDocument?[records.Count];
    private int _users = models;

    public int Partition => records.Partition.Partition;

    public long NextOffset => records.NextOffset;

    public int Count => records.Count;

    public ref readonly StoredRecord this[int index] => ref records.Records[index];

    /// <summary>Null for a tombstone, and for what is not a product.</summary>
    public ProductDocument? Product(int index) => _products[index];

    /// <summary>Reads the products; to be called before any model sees the batch.</summary>
    public CatalogBatch Parse()
    {
        for (var i = 0; i < _products.Length; i++)
        {
            if (records.Records[i].Value is { } value && ProductReader.TryRead(value.Span, out var product))
            {
                _products[i] = product;
            }
        }

        return this;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            records.Dispose();
        }
    }
}
