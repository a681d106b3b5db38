using Marketplace.Search.Analysis;

namespace Marketplace.Search.Suggesting;

/// <summary>
/// What clients searched for and found, counted, to complete what others type. Bounded: where there are too many, the rarer half goes and
/// the others count half. One writer; readers see what was published last and take no lock.
/// </summary>
public sealed class QueryCompletions
{
    /// <summary>Longer queries are not completed to.</summary>
    public const int MaxLength = 100;

    /// <summary>What somebody left behind the words, or before them, says nothing to others.</summary>
    private static readonly char[] Stops = [' ', ',', '.', ';', ':', '!', '?'];

    private const int MaxQueries = 100_000;
    private const int MaxRecent = 1024;

    /// <summary>Queries looked at for the best few: one letter costs no more than a word.</summary>
    private const int MaxLooked = 20_000;

    private static readonly Comparer<Query> ByKey = Comparer<Query>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key));

    private readonly Dictionary<string, Query> _byKey = new(StringComparer.Ordinal);
    private readonly List<Query> _added = [];

    // Both in the order of their keys. New queries go to the small one, so that publishing them costs little.
    private volatile Query[] _settled = [];
    private volatile Query[] _recent = [];

    public int Count => _settled.Length + _recent.Length;

    /// <summary>Counts a query that found something; without regard to case, spaces and ё. Called by the writer.</summary>
    public void Add(string text, int times = 1)
    {
        var shown = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim(Stops);
        if (shown.Length is 0 or > MaxLength)
        {
            return;
        }

        var key = Fold(shown);
        if (!_byKey.TryGetValue(key, out var query))
        {
            _byKey.Add(key, query = new Query(key, shown));
            _added.Add(query);
        }

        query.Times += times;
    }

    /// <summary>Lets readers see what was added. Called by the writer.</summary>
    public void Publish()
    {
        if (_added.Count == 0)
        {
            return;
        }

        var recent = Merge(_recent, [.. _added.Order(ByKey)]);
        _added.Clear();
        if (recent.Length > MaxRecent)
        {
            _settled = Bounded(Merge(_settled, recent));
            recent = [];
        }

        _recent = recent;
    }

    /// <summary>All that was published, with how often each was asked.</summary>
    public IEnumerable<(string Text, int Times)> All() => _settled.Concat(_recent).Select(query => (query.Text, query.Times));

    /// <summary>The queries that begin with a text and go on, the most frequent first.</summary>
    internal List<string> Complete(string typed, int limit)
    {
        var key = Fold(typed.TrimStart());
        var best = new List<Query>(limit + 1);
        Look(_settled, key, limit, best);
        Look(_recent, key, limit, best);
        return best.ConvertAll(query => query.Text);
    }

    private static void Look(Query[] queries, string key, int limit, List<Query> best)
    {
        var first = Array.BinarySearch(queries, new Query(key, key), ByKey);
        first = first < 0 ? ~first : first + 1;
        for (var i = first; i < Math.Min(queries.Length, first + MaxLooked) && queries[i].Key.StartsWith(key, StringComparison.Ordinal); i++)
        {
            var at = best.Count;
            while (at > 0 && best[at - 1].Times < queries[i].Times)
            {
                at--;
            }

            if (at < limit)
            {
                best.Insert(at, queries[i]);
                best.RemoveRange(Math.Min(limit, best.Count), best.Count - Math.Min(limit, best.Count));
            }
        }
    }

    private static Query[] Merge(Query[] a, Query[] b)
    {
        var merged = new Query[a.Length + b.Length];
        for (int i = 0, x = 0, y = 0; i < merged.Length; i++)
        {
            merged[i] = y == b.Length || (x < a.Length && ByKey.Compare(a[x], b[y]) < 0) ? a[x++] : b[y++];
        }

        return merged;
    }

    private Query[] Bounded(Query[] queries)
    {
        if (queries.Length <= MaxQueries)
        {
            return queries;
        }

        var kept = queries.OrderByDescending(query => query.Times).Take(MaxQueries / 2).ToHashSet();
        foreach (var query in queries)
        {
            query.Times = (query.Times + 1) / 2;
            if (!kept.Contains(query))
            {
                _byKey.Remove(query.Key);
            }
        }

        return Array.FindAll(queries, kept.Contains);
    }

    private static string Fold(string text) => string.Create(text.Length, text, static (folded, text) =>
    {
        for (var i = 0; i < folded.Length; i++)
        {
            folded[i] = CharFolding.Fold(text[i]);
        }
    });

    private sealed class Query(string key, string text)
    {
        public string Key { get; } = key;

        public string Text { get; } = text;

        /// <summary>Counted in place, published or not.</summary>
        public int Times { get; set; }
    }
}
