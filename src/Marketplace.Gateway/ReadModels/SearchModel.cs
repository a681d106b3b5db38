using System.Text;
using Marketplace.Search;

namespace Marketplace.Gateway.ReadModels;

/// <summary>The search index, kept by the log.</summary>
public sealed class SearchModel(SearchIndex index) : IReadModel
{
    public string Name => "search";

    public string Summary => $"{Snapshot.Count} products";

    public SearchSnapshot Snapshot => index.Snapshot;

    public void Apply(CatalogBatch batch, int first)
    {
        for (var i = first; i < batch.Count; i++)
        {
            ref readonly var record = ref batch[i];
            if (batch.Product(i) is { } product)
            {
                index.Upsert(product, record.Value!.Value.Span, record.Timestamp);
            }
            else if (record.Key is { } key)
            {
                index.Delete(Encoding.UTF8.GetString(key.Span));
            }
        }
    }

    public void Publish() => index.Publish();
}
