namespace Marketplace.Gateway.ReadModels;

/// <summary>Something that is kept by <c>filtered-products</c> and asked by clients. Called by one thread at a time.</summary>
public interface IReadModel : IFeedReader<CatalogBatch>
{
    /// <summary>What it holds, in a few words for an operator.</summary>
    string Summary { get; }
}
