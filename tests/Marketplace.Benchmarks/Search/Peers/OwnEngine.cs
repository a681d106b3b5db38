using Marketplace.Search;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>Our engine in this process, asked as the gateway asks it.</summary>
internal sealed class OwnEngine(string folder) : ISearchEngine
{
    private const int First = 10;
    private const int Suggestions = 10;

    private readonly SearchIndex _index = new(new SearchIndexOptions { SourceFolder = folder });

    public string Name => "in process";

    public Task FillAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            foreach (var product in PeerProduct.Read(pieces))
            {
                cancellationToken.ThrowIfCancellationRequested();
                _index.Upsert(product.Document, product.Source.Span, 0);
            }

            _index.Publish();
        },
        cancellationToken);

    public Task SettleAsync(CancellationToken cancellationToken) => _index.WhenMergedAsync(cancellationToken);

    public ISearchClient Connect() => new Client(_index.Snapshot);

    public ValueTask DisposeAsync() => _index.DisposeAsync();

    private sealed class Client(SearchSnapshot snapshot) : ISearchClient
    {
        private static readonly string[] Names = ["category", "brand", "price"];

        public EngineAnswer Search(string text)
        {
            var result = snapshot.Search(new SearchQuery { Text = text, Limit = First });
            return new EngineAnswer(result.Total, [.. result.Hits.Select(hit => hit.Source)]);
        }

        public int Facets(string text) => snapshot.Search(new SearchQuery { Text = text, Limit = First, Facets = Names }).Facets.Sum(facet => facet.Values.Count);

        public int Suggest(string prefix) => snapshot.Suggest(prefix, Suggestions).Count;

        public void Dispose()
        {
        }
    }
}
