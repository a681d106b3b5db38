using System.Globalization;
using Marketplace.Benchmarks.Limits;
using Marketplace.Search.Ranking;
using SQLitePCL;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>
/// SQLite FTS5 in this process: an index of words over the table of products, without a copy of its texts. It knows no
/// grammar, no slips and no other letters; its columns weigh what the fields weigh in ours.
/// </summary>
internal sealed class Fts5Peer(string folder, TimeSpan queryLimit) : ISearchEngine
{
    private const int RowsOfTransaction = 50_000;
    private const int StopInstructions = 100_000;

    private readonly string _path = Path.Combine(folder, "fts5.db");

    public string Name => "FTS5";

    public Task FillAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken) => Task.Run(() => Fill(pieces, cancellationToken), cancellationToken);

    /// <summary>One tree instead of several, and everything in the file that the clients map.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var database = OpenWriter(cancellationToken);
            database.Execute("INSERT INTO words (words) VALUES ('optimize')");
            database.Execute("ANALYZE");
            database.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        },
        cancellationToken);

    public ISearchClient Connect() => new Fts5Client(_path, queryLimit);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Fill(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        using var database = OpenWriter(cancellationToken);
        database.Execute(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, category TEXT, brand TEXT, price_range INTEGER, name TEXT NOT NULL, description TEXT, source BLOB NOT NULL)");
        database.Execute("CREATE TABLE keywords (kind TEXT NOT NULL, folded TEXT NOT NULL, value TEXT NOT NULL, products INTEGER NOT NULL)");
        database.Execute("""
            CREATE VIRTUAL TABLE words USING fts5 (
                name, brand, category, description, content = 'products', content_rowid = 'id',
                tokenize = "unicode61 remove_diacritics 2", prefix = '1 2 3')
            """);
        var ranking = new RankingOptions();
        var weights = new[] { ranking.Name, ranking.Brand, ranking.Category, ranking.Description }.Select(field => field.Weight.ToString("0.0#", CultureInfo.InvariantCulture));
        database.Execute($"INSERT INTO words (words, rank) VALUES ('rank', 'bm25({string.Join(", ", weights)})')");

        // Words are collected in memory up to this before they are written: fewer, larger trees to merge.
        database.Execute("INSERT INTO words (words, rank) VALUES ('hashsize', 134217728)");
        WriteProducts(database, pieces, cancellationToken);
        database.Execute("INSERT INTO words (words) VALUES ('rebuild')");
    }

    private static void WriteProducts(SqliteSession database, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var keywords = new PeerKeywords();
        using var insert = database.Prepare("INSERT INTO products (category, brand, price_range, name, description, source) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        var rows = 0;
        database.Execute("BEGIN");
        foreach (var product in PeerProduct.Read(pieces))
        {
            cancellationToken.ThrowIfCancellationRequested();
            keywords.Count(product);
            BindText(insert, 1, product.Document.Category);
            BindText(insert, 2, product.Document.Brand);
            SqliteSession.Check(product.PriceRange is { } range ? raw.sqlite3_bind_int(insert, 3, range) : raw.sqlite3_bind_null(insert, 3));
            BindText(insert, 4, product.Document.Name);
            BindText(insert, 5, product.Document.Description);
            SqliteSession.Check(raw.sqlite3_bind_blob(insert, 6, product.Source.Span));
            SqliteSession.Step(insert);
            if (++rows % RowsOfTransaction == 0)
            {
                database.Execute("COMMIT");
                database.Execute("BEGIN");
            }
        }

        using var keyword = database.Prepare("INSERT INTO keywords (kind, folded, value, products) VALUES (?1, ?2, ?3, ?4)");
        foreach (var (kind, folded, value, products) in keywords.Rows())
        {
            BindText(keyword, 1, kind);
            BindText(keyword, 2, folded);
            BindText(keyword, 3, value);
            SqliteSession.Check(raw.sqlite3_bind_int(keyword, 4, products));
            SqliteSession.Step(keyword);
        }

        database.Execute("CREATE INDEX keywords_by_prefix ON keywords (kind, folded, products, value)");
        database.Execute("COMMIT");
    }

    private SqliteSession OpenWriter(CancellationToken cancellationToken)
    {
        var database = new SqliteSession(_path);
        database.StopWhen(() => cancellationToken.IsCancellationRequested, StopInstructions);
        database.Execute("PRAGMA page_size = 8192");
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute("PRAGMA synchronous = OFF");
        database.Execute("PRAGMA cache_size = -524288");
        database.Execute("PRAGMA temp_store = MEMORY");
        return database;
    }

    private static void BindText(sqlite3_stmt statement, int at, string? text) =>
        SqliteSession.Check(text is null ? raw.sqlite3_bind_null(statement, at) : raw.sqlite3_bind_text(statement, at, text));
}
