namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>The brands and categories that the peers suggest, the most frequent first, as ours does; few enough for a table of their own.</summary>
internal sealed class PeerKeywords
{
    /// <summary>The order of characters is that of their code points in both peers, so this ends every range of one prefix.</summary>
    private const string Last = "\U0010FFFF";

    private readonly Dictionary<(string Kind, string Value), int> _counts = [];

    /// <summary>Parameters: 1 the first text that begins with the prefix, 2 the end of them.</summary>
    public static string Query(string first, string end) =>
        string.Join(" UNION ALL ", new[] { "brand", "category" }.Select(kind =>
            $"SELECT value FROM (SELECT value FROM keywords WHERE kind = '{kind}' AND folded >= {first} AND folded < {end} ORDER BY products DESC LIMIT 3) AS {kind}"));

    public static (string First, string End) Range(string prefix)
    {
        var folded = Fold(prefix);
        return (folded, folded + Last);
    }

    public void Count(PeerProduct product)
    {
        Count("brand", product.Document.Brand);
        Count("category", product.Document.Category);
    }

    public IEnumerable<(string Kind, string Folded, string Value, int Products)> Rows() => _counts.Select(c => (c.Key.Kind, Fold(c.Key.Value), c.Key.Value, c.Value));

    private static string Fold(string text) => text.ToLowerInvariant();

    private void Count(string kind, string? value)
    {
        if (value is not null)
        {
            _counts[(kind, value)] = _counts.GetValueOrDefault((kind, value)) + 1;
        }
    }
}
