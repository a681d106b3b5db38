using System.Diagnostics;
using Marketplace.Benchmarks.Limits;
using SQLitePCL;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>A connection with its statements: all words, of which the last may only begin so, unless a space ends it.</summary>
internal sealed class Fts5Client : ISearchClient
{
    private const int StopInstructions = 10_000;

    private readonly SqliteSession _database;
    private readonly TimeSpan _limit;
    private readonly sqlite3_stmt _best;
    private readonly sqlite3_stmt _count;
    private readonly sqlite3_stmt _facets;
    private readonly sqlite3_stmt _keywords;
    private readonly sqlite3_stmt _names;
    private long _start;

    public Fts5Client(string path, TimeSpan limit)
    {
        _limit = limit;
        _database = new SqliteSession(path);
        _database.Execute("PRAGMA query_only = ON");
        _database.Execute("PRAGMA mmap_size = 2147418112");
        _database.Execute("PRAGMA cache_size = -65536");
        _database.Execute("PRAGMA temp_store = MEMORY");
        _best = _database.Prepare("""
            SELECT source FROM (SELECT rowid AS id, rank AS score FROM words WHERE words MATCH ?1 ORDER BY rank LIMIT 10)
            JOIN products USING (id) ORDER BY score
            """);
        _count = _database.Prepare("SELECT count(*) FROM words WHERE words MATCH ?1");

        // The products are looked up once for all three; of each facet the fifty most frequent values, as in ours.
        _facets = _database.Prepare("""
            WITH found AS MATERIALIZED (SELECT p.category, p.brand, p.price_range FROM words JOIN products p ON p.id = words.rowid WHERE words MATCH ?1)
            SELECT * FROM (SELECT category, count(*) AS products FROM found GROUP BY 1 ORDER BY 2 DESC LIMIT 50)
            UNION ALL SELECT * FROM (SELECT brand, count(*) FROM found GROUP BY 1 ORDER BY 2 DESC LIMIT 50)
            UNION ALL SELECT * FROM (SELECT price_range, count(*) FROM found WHERE price_range IS NOT NULL GROUP BY 1)
            """);
        _keywords = _database.Prepare(PeerKeywords.Query("?1", "?2"));

        // In no order: to weigh all that begins with a letter would take as long as to read it.
        _names = _database.Prepare("SELECT p.name FROM words JOIN products p ON p.id = words.rowid WHERE words MATCH ?1 LIMIT 10");
        _database.StopWhen(() => Stopwatch.GetElapsedTime(_start) > _limit, StopInstructions);
    }

    public EngineAnswer Search(string text)
    {
        _start = Stopwatch.GetTimestamp();
        var expression = Expression(text);
        var sources = new List<ReadOnlyMemory<byte>>();
        Read(_best, row => sources.Add(raw.sqlite3_column_blob(row, 0).ToArray()), expression);
        var total = (long)sources.Count;
        if (total > 0)
        {
            Read(_count, row => total = raw.sqlite3_column_int64(row, 0), expression);
        }

        return new EngineAnswer(total, sources);
    }

    public int Facets(string text)
    {
        Search(text);
        return Texts(_facets, Expression(text)).Count;
    }

    public int Suggest(string prefix)
    {
        _start = Stopwatch.GetTimestamp();
        var (first, end) = PeerKeywords.Range(prefix);
        return Texts(_keywords, first, end).Count + Texts(_names, $"name : {Expression(prefix)}").Count;
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _best, _count, _facets, _keywords, _names })
        {
            statement.Dispose();
        }

        _database.Dispose();
    }

    private static string Expression(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => $"\"{word.Replace("\"", "\"\"")}\"");
        return string.Join(" AND ", words) + (text.EndsWith(' ') ? "" : " *");
    }

    private static List<string> Texts(sqlite3_stmt statement, params ReadOnlySpan<string> parameters)
    {
        var texts = new List<string>();
        Read(statement, row => texts.Add(raw.sqlite3_column_text(row, 0).utf8_to_string()), parameters);
        return texts;
    }

    private static void Read(sqlite3_stmt statement, Action<sqlite3_stmt> take, params ReadOnlySpan<string> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            SqliteSession.Check(raw.sqlite3_bind_text(statement, i + 1, parameters[i]));
        }

        int result;
        while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            take(statement);
        }

        // Tells once more what the step told.
        raw.sqlite3_reset(statement);
        if (result == raw.SQLITE_INTERRUPT)
        {
            throw new TimeoutException("The query took too long.");
        }

        SqliteSession.Check(result);
    }
}
