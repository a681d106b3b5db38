using System.Collections.Concurrent;
using Marketplace.Search.Analysis;
using Marketplace.Search.Matching;
using Marketplace.Search.Querying;
using Marketplace.Search.Segments;
using Marketplace.Search.Sources;
using Marketplace.Search.Terms;

namespace Marketplace.Search;

/// <summary>
/// The index as it was at one moment: immutable, for any number of readers at once. Keep it to page through a result that does not change,
/// but for products' popularity: segments are shared, and copying it for each snapshot would cost too much. So sorted by popularity, or
/// by relevance where scores are nearly equal, products that are looked at meanwhile may change places.
/// </summary>
public sealed class SearchSnapshot
{
    private const int MaxRemembered = 10_000;

    private readonly SegmentView[] _segments;
    private readonly ConcurrentDictionary<string, bool> _found = new(StringComparer.Ordinal);

    internal SearchSnapshot(long generation, SegmentView[] segments, SourceChunk?[] chunks, IndexTables tables, SearchIndexOptions options)
    {
        Generation = generation;
        _segments = segments;
        Chunks = chunks;
        Tables = tables;
        Options = options;
        Count = segments.Sum(s => s.LiveCount);
    }

    /// <summary>Products to be found.</summary>
    public int Count { get; }

    /// <summary>Grows with every snapshot of an index.</summary>
    public long Generation { get; }

    internal SourceChunk?[] Chunks { get; }

    internal IndexTables Tables { get; }

    internal SearchIndexOptions Options { get; }

    internal ReadOnlySpan<SegmentView> Segments => _segments;

    public SearchResult Search(SearchQuery query, CancellationToken cancellationToken = default) =>
        new QueryExecution(this, _segments, query, SearchScratch.OfThread).Run(cancellationToken);

    public bool TryGet(string productId, out FoundProduct product)
    {
        if (!TryFind(productId, out var segment, out var doc))
        {
            product = default;
            return false;
        }

        var columns = _segments[segment].Segment.Columns;
        product = new FoundProduct(SourceOf(segment, doc), columns.Timestamps[doc], columns.VisibleSince[doc], columns.Facts[doc].Stock == StockState.SoldOut);
        return true;
    }

    public bool Contains(string productId) => TryFind(productId, out _, out _);

    /// <summary>Completions of what is being typed, best first.</summary>
    public IReadOnlyList<Suggestion> Suggest(string text, int limit, CancellationToken cancellationToken = default) =>
        new Suggesting.Suggester(this).Suggest(text, limit, cancellationToken);

    /// <summary>Whether some product has all words of a query as they are, or in another form. Remembered: what is typed most is completed to the same queries.</summary>
    internal bool Finds(string words, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue(words, out var found))
        {
            return found;
        }

        found = Find(words, cancellationToken);
        if (_found.Count < MaxRemembered)
        {
            _found[words] = found;
        }

        return found;
    }

    private bool Find(string words, CancellationToken cancellationToken)
    {
        var scratch = SearchScratch.OfThread;
        var query = new SearchQuery { Text = words, Effort = 1 };
        var plan = Planner().Plan(QueryParser.Parse(words + " ", scratch.Tokenizer), [], repairedBelow: 0);
        return plan.Required > 0
            && scratch.Matcher.Match(_segments, SegmentRanges.Whole(_segments), plan, plan.Required, query, new ProductFilter(query, Tables), keep: 0, Options.Ranking, [], currency: 0, cancellationToken).Total > 0;
    }

    internal QueryPlanner Planner() => new(Tables.Terms, new TermFrequencies(Tables.Terms, Generation, _segments), Options.Ranking, Options.Synonyms, Count);

    internal bool TryFind(string productId, out int segment, out int doc)
    {
        var key = new ProductKey(productId, stackalloc byte[ProductKey.BufferSize(productId)]);
        for (segment = 0; segment < _segments.Length; segment++)
        {
            doc = _segments[segment].Segment.Ids.Find(key);
            if (doc >= 0 && !_segments[segment].IsDeleted(doc))
            {
                return true;
            }
        }

        doc = -1;
        return false;
    }

    internal ReadOnlyMemory<byte> SourceOf(int segment, int doc)
    {
        var source = _segments[segment].Segment.Columns.Sources[doc];
        return Chunks[source.Chunk]!.Read(source.Offset, source.Length);
    }
}

/// <summary>What a query works with, kept from query to query.</summary>
internal sealed class SearchScratch
{
    [ThreadStatic]
    private static SearchScratch? t_scratch;

    public static SearchScratch OfThread => t_scratch ??= new SearchScratch();

    public Tokenizer Tokenizer { get; } = new();

    public Matcher Matcher { get; } = new();
}
