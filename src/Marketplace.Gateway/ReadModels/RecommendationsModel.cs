using Marketplace.Recommendations;

namespace Marketplace.Gateway.ReadModels;

/// <summary>The recommendations, kept by the log.</summary>
public sealed class RecommendationsModel(RecommendationModel model) : IReadModel
{
    public string Name => "recommendations";

    public string Summary => $"{model.ProductCount} products known";

    public RecommendationModel Model => model;

    public void Apply(CatalogBatch batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch.Product(i) is { } product)
            {
                model.Upsert(product);
            }
            else if (batch[i].Key is { } key)
            {
                model.Remove(key.Span);
            }
        }
    }

    public void Publish() => model.Publish();
}
