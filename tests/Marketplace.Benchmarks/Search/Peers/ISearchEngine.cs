namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>A search engine that is given the catalogue and the queries: ours in process, or a peer.</summary>
internal interface ISearchEngine : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Takes the products in; completes when every one of them can be found.</summary>
    Task FillAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken);

    /// <summary>Does what would else be done behind the queries, so that they find the index at its best.</summary>
    Task SettleAsync(CancellationToken cancellationToken);

    /// <summary>A client for one thread.</summary>
    ISearchClient Connect();
}

/// <summary>Asks one question at a time. One that takes longer than the engine allows ends in a <see cref="TimeoutException"/>.</summary>
internal interface ISearchClient : IDisposable
{
    EngineAnswer Search(string text);

    /// <summary>The same, and the counts of its products by category, brand and price range.</summary>
    /// <returns>How many values there are in all facets.</returns>
    int Facets(string text);

    /// <returns>How many completions there are.</returns>
    int Suggest(string prefix);
}

/// <param name="Total">Products that match.</param>
/// <param name="Sources">The shop's bytes of the first ten.</param>
internal readonly record struct EngineAnswer(long Total, IReadOnlyList<ReadOnlyMemory<byte>> Sources);
