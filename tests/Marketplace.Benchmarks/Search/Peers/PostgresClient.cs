using System.Globalization;
using Marketplace.Search.Ranking;
using Npgsql;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>A connection with its prepared statements: all words in any of their forms; where nothing has them, names that look alike.</summary>
internal sealed class PostgresClient : ISearchClient
{
    private const string First = """
        SELECT (SELECT count(*) FROM found), source FROM (SELECT id, score FROM found ORDER BY score DESC, id LIMIT 10) AS best JOIN products USING (id)
        ORDER BY score DESC
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _words;
    private readonly NpgsqlCommand _alike;
    private readonly NpgsqlCommand _facets;
    private readonly NpgsqlCommand _keywords;
    private readonly NpgsqlCommand _names;

    public PostgresClient(NpgsqlConnection connection)
    {
        _connection = connection;
        _words = Prepare($"""
            WITH found AS MATERIALIZED (
                SELECT id, ts_rank('{Weights(new RankingOptions())}', document, plainto_tsquery('russian', $1)) AS score
                FROM products WHERE document @@ plainto_tsquery('russian', $1))
            {First}
            """);
        _alike = Prepare($"WITH found AS MATERIALIZED (SELECT id, word_similarity($1, name) AS score FROM products WHERE $1 <% name) {First}");

        // The products are looked up once for all three; of each facet the fifty most frequent values, as in ours.
        _facets = Prepare("""
            WITH found AS MATERIALIZED (SELECT category, brand, price_range FROM products WHERE document @@ plainto_tsquery('russian', $1))
            (SELECT category, count(*) FROM found GROUP BY 1 ORDER BY 2 DESC LIMIT 50)
            UNION ALL (SELECT brand, count(*) FROM found GROUP BY 1 ORDER BY 2 DESC LIMIT 50)
            UNION ALL (SELECT price_range::text, count(*) FROM found WHERE price_range IS NOT NULL GROUP BY 1)
            """);
        _keywords = Prepare(PeerKeywords.Query("$1", "$2"), parameters: 2);

        // By how they begin: all products that have a word with the first letter would be too many to collect.
        _names = Prepare("SELECT name FROM products WHERE lower(name) >= $1 AND lower(name) < $2 ORDER BY lower(name) LIMIT 10", parameters: 2);
    }

    public EngineAnswer Search(string text) => Bounded(() => Find(_words, text) is { Total: > 0 } found ? found : Find(_alike, text));

    public int Facets(string text) => Bounded(() =>
    {
        Find(_words, text);
        return CountRows(_facets, text);
    });

    public int Suggest(string prefix) => Bounded(() =>
    {
        var (first, end) = PeerKeywords.Range(prefix);
        return CountRows(_keywords, first, end) + CountRows(_names, first, end);
    });

    public void Dispose()
    {
        foreach (var command in new[] { _words, _alike, _facets, _keywords, _names })
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private static EngineAnswer Find(NpgsqlCommand command, string text)
    {
        var (total, sources) = (0L, new List<ReadOnlyMemory<byte>>());
        command.Parameters[0].Value = text;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            total = rows.GetInt64(0);
            sources.Add(rows.GetFieldValue<byte[]>(1));
        }

        return new EngineAnswer(total, sources);
    }

    private static int CountRows(NpgsqlCommand command, params ReadOnlySpan<string> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i];
        }

        var count = 0;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            count += rows.GetString(0).Length > 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>From D to A, the largest 1, in the proportions of ours.</summary>
    private static string Weights(RankingOptions ranking)
    {
        var weights = new[] { ranking.Description, ranking.Category, ranking.Brand, ranking.Name }.Select(field => field.Weight).ToArray();
        return $"{{{string.Join(", ", weights.Select(weight => (weight / weights.Max()).ToString("0.00", CultureInfo.InvariantCulture)))}}}";
    }

    private static T Bounded<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new TimeoutException("The query took too long.", e);
        }
    }

    private NpgsqlCommand Prepare(string sql, int parameters = 1)
    {
        var command = new NpgsqlCommand(sql, _connection);
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }

        command.Prepare();
        return command;
    }
}
