using Marketplace.Search.Quality.KnownItems;

namespace Marketplace.Benchmarks.Search;

/// <summary>What is asked with a text.</summary>
internal enum AskKind
{
    /// <summary>The first ten products and how many there are.</summary>
    Search,

    /// <summary>The same and how they divide by category, brand and price.</summary>
    Facets,

    /// <summary>Completions of what is being typed.</summary>
    Suggest,
}

/// <summary>Queries of one kind, measured together.</summary>
/// <param name="Goal">The longest p99 over HTTP in milliseconds, one client.</param>
internal sealed record QueryClass(string Name, double Goal, AskKind Kind, IReadOnlyList<KnownItemQuery> Queries);

/// <summary>The queries that search is measured with: the same over HTTP, in process and for the peers.</summary>
/// <param name="Products">Of the catalogue that the queries are made of.</param>
/// <param name="Mixed">The texts of all classes of <see cref="AskKind.Search"/>, shuffled.</param>
internal sealed record SearchWork(int Products, IReadOnlyList<QueryClass> Classes, IReadOnlyList<string> Mixed)
{
    /// <summary>How many clients ask the mixed queries at once.</summary>
    public const int Clients = 8;

    private const int QueriesOfClass = 300;
    private const int CommonRanks = 100;
    private const int Seed = 5;

    private static readonly (string Class, double Goal)[] Latencies =
    [
        ("three words", 2), ("another grammatical form", 2), ("one typo, Russian", 6), ("one typo, English", 6), ("a typo in each of two words", 6),
        ("wrong layout", 6), ("transliterated", 6), ("nonsense", 6),
    ];

    public static SearchWork Make(GeneratedCatalog catalog, int products)
    {
        var searches = Latencies.Select(latency =>
        {
            var kind = KnownItemClass.All.Single(k => k.Name == latency.Class);
            return new QueryClass(latency.Class, latency.Goal, AskKind.Search, [.. KnownItemEvaluation.Queries(catalog, kind, products, QueriesOfClass, Seed)]);
        }).ToArray();
        var random = new Random(Seed);
        var common = Enumerable.Range(0, QueriesOfClass).Select(_ => catalog.Russian.PickCommon(random, CommonRanks)).ToArray();

        // With a space behind it, a word is typed to its end.
        var facets = new QueryClass("three facets on a common word", 3, AskKind.Facets, [.. common.Select(w => new KnownItemQuery(w + " ", [w]))]);
        var suggest = new QueryClass("suggest", 1, AskKind.Suggest, [.. common.Select(w => new KnownItemQuery(w[..random.Next(1, w.Length)], [w]))]);
        var mixed = searches.SelectMany(c => c.Queries).Select(q => q.Text).ToArray();
        random.Shuffle(mixed);
        return new SearchWork(products, [.. searches, facets, suggest], mixed);
    }
}
