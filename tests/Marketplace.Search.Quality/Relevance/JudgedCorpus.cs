using System.Globalization;
using System.IO.Compression;
using System.Text;
using Marketplace.Products;
using Marketplace.Search.Ranking;

namespace Marketplace.Search.Quality.Relevance;

/// <summary>Real products, and which of them people judged relevant to a query, 0 to 3.</summary>
internal sealed class JudgedCorpus
{
    private JudgedCorpus(IReadOnlyList<(ProductDocument, byte[])> products, IReadOnlyList<JudgedQuery> queries) => (Products, Queries) = (products, queries);

    public IReadOnlyList<(ProductDocument Product, byte[] Source)> Products { get; }

    /// <summary>Queries that have a relevant product.</summary>
    public IReadOnlyList<JudgedQuery> Queries { get; }

    /// <param name="productsPath">Lines of JSON, gzipped.</param>
    /// <param name="judgmentsPath">Lines of query, product id and relevance, between tabs.</param>
    public static JudgedCorpus Read(string productsPath, string judgmentsPath)
    {
        var products = new List<(ProductDocument, byte[])>();
        using var file = new GZipStream(File.OpenRead(productsPath), CompressionMode.Decompress);
        using var reader = new StreamReader(file, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            var source = Encoding.UTF8.GetBytes(line);
            products.Add(ProductReader.TryRead(source, out var product) ? (product, source) : throw new InvalidDataException($"Not a product: {line}"));
        }

        var queries = File.ReadLines(judgmentsPath)
            .Select(line => line.Split('\t'))
            .GroupBy(fields => fields[0])
            .Select(g => new JudgedQuery(g.Key, g.ToDictionary(f => f[1], f => int.Parse(f[2], CultureInfo.InvariantCulture))))
            .Where(q => q.Relevance.Values.Any(relevance => relevance > 0))
            .ToList();
        return new JudgedCorpus(products, queries);
    }

    public SearchIndex Index(RankingOptions ranking)
    {
        var index = new SearchIndex(new SearchIndexOptions { Ranking = ranking, BufferedProducts = Products.Count + 1 });
        foreach (var (product, source) in Products)
        {
            index.Upsert(product, source, 0);
        }

        index.Publish();
        return index;
    }
}

internal sealed record JudgedQuery(string Text, IReadOnlyDictionary<string, int> Relevance)
{
    private const int Cutoff = 10;

    /// <summary>
    /// nDCG@10 (Järvelin, Kekäläinen 2002): gain 2^relevance − 1, discount 1 / log2(rank + 1), the ideal from the judged products;
    /// what nobody judged counts 0.
    /// </summary>
    public double Ndcg(IEnumerable<string> productIds) => Gain(productIds.Take(Cutoff).Select(id => Relevance.GetValueOrDefault(id))) / Gain(Relevance.Values.OrderDescending().Take(Cutoff));

    private static double Gain(IEnumerable<int> relevance) => relevance.Select((r, i) => ((1 << r) - 1) / Math.Log2(i + 2)).Sum();
}
