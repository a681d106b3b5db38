using System.Buffers;
using Marketplace.Products;
using Marketplace.Search.Analysis;

namespace Marketplace.Search.Quality.KnownItems;

/// <param name="Share">Of queries that found what was meant among the first ten.</param>
/// <param name="Failed">The queries that did not.</param>
internal sealed record KnownItemResult(KnownItemClass Class, double Share, IReadOnlyList<KnownItemQuery> Failed)
{
    public bool IsMet => Share >= Class.Threshold;
}

/// <summary>Searches for products whose words are known, mistyped in all the ways of <see cref="KnownItemClass.All"/>.</summary>
internal static class KnownItemEvaluation
{
    private const int First = 10;

    public static SearchIndex Index(GeneratedCatalog catalog, int products, SearchIndexOptions? options = null)
    {
        var index = new SearchIndex(options);
        var buffer = new ArrayBufferWriter<byte>(1024);
        for (var i = 0; i < products; i++)
        {
            buffer.ResetWrittenCount();
            catalog.Write(buffer, i);
            ProductReader.TryRead(buffer.WrittenSpan, out var product);
            index.Upsert(product!, buffer.WrittenSpan, i);
        }

        index.Publish();
        return index;
    }

    /// <summary>Queries of a class, the same for the same seed.</summary>
    public static IEnumerable<KnownItemQuery> Queries(GeneratedCatalog catalog, KnownItemClass kind, int products, int count, int seed)
    {
        var random = new Random(seed);
        for (var made = 0; made < count;)
        {
            if (kind.Make(catalog, random.Next(products), random) is { } query)
            {
                made++;
                yield return query;
            }
        }
    }

    public static KnownItemResult Run(SearchSnapshot snapshot, GeneratedCatalog catalog, KnownItemClass kind, int products, int count, int seed)
    {
        var failed = Queries(catalog, kind, products, count, seed).Where(q => !IsFound(snapshot, q)).ToList();
        return new KnownItemResult(kind, 1 - (failed.Count / (double)count), failed);
    }

    /// <summary>Whether an answer, of whatever engine, has what was meant.</summary>
    /// <param name="sources">Of the first products of the answer.</param>
    public static bool IsFound(KnownItemQuery query, long total, IEnumerable<ReadOnlyMemory<byte>> sources) =>
        query.Words.Count == 0 ? total == 0 : sources.Any(source => HasAll(source.Span, query.Words));

    private static bool IsFound(SearchSnapshot snapshot, KnownItemQuery query)
    {
        var result = snapshot.Search(new SearchQuery { Text = query.Text, Limit = First, Highlight = false });
        return IsFound(query, result.Total, result.Hits.Select(hit => hit.Source));
    }

    private static bool HasAll(ReadOnlySpan<byte> source, IReadOnlyList<string> words)
    {
        ProductReader.TryRead(source, out var product);
        var tokenizer = new Tokenizer();
        tokenizer.Tokenize($"{product!.Name} . {product.Brand} . {product.Category} . {product.Description}");
        var stems = new HashSet<string>(StringComparer.Ordinal);
        foreach (ref readonly var token in tokenizer.Tokens)
        {
            stems.Add(WordStock.StemOf(tokenizer.Text(token).ToString()));
        }

        return words.All(w => stems.Contains(WordStock.StemOf(w.Replace('ё', 'е'))));
    }
}
