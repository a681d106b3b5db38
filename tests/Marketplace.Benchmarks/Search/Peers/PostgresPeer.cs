using Npgsql;
using NpgsqlTypes;

namespace Marketplace.Benchmarks.Search.Peers;

/// <summary>
/// PostgreSQL over its socket: the words of a product in their basic forms as a <c>tsvector</c> with a weight for each field, and
/// trigrams of its name for what was mistyped.
/// </summary>
internal sealed class PostgresPeer(PostgresCluster cluster, TimeSpan queryLimit) : ISearchEngine
{
    public string Name => "PostgreSQL";

    public async Task FillAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        await using (var connection = cluster.Open())
        {
            await ExecuteAsync(connection, "CREATE EXTENSION pg_trgm", cancellationToken);

            // A table filled in the transaction that made it is not written to the log.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, """
                CREATE TABLE products (
                    id int NOT NULL, price_range smallint, category text, brand text, name text NOT NULL, description text, source bytea NOT NULL,
                    document tsvector NOT NULL GENERATED ALWAYS AS (
                        setweight(to_tsvector('russian', name), 'A') || setweight(to_tsvector('russian', coalesce(brand, '')), 'B') ||
                        setweight(to_tsvector('russian', coalesce(category, '')), 'C') || setweight(to_tsvector('russian', coalesce(description, '')), 'D')) STORED);
                CREATE TABLE keywords (kind text NOT NULL, folded text NOT NULL, value text NOT NULL, products int NOT NULL)
                """, cancellationToken);
            var keywords = await CopyProductsAsync(connection, pieces, cancellationToken);
            await CopyKeywordsAsync(connection, keywords, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        // One index is built by one process: two at once take both cores.
        await Task.WhenAll(
            IndexAsync("CREATE INDEX ON products USING gin (document) WITH (fastupdate = off)", cancellationToken),
            IndexAsync("""
                CREATE INDEX ON products USING gin (name gin_trgm_ops) WITH (fastupdate = off);
                CREATE INDEX ON products (lower(name));
                CREATE UNIQUE INDEX ON products (id);
                CREATE INDEX ON keywords (kind, folded, products, value)
                """, cancellationToken));
        await IndexAsync("ANALYZE", cancellationToken);
    }

    public Task SettleAsync(CancellationToken cancellationToken) => IndexAsync("VACUUM ANALYZE; CHECKPOINT", cancellationToken);

    public ISearchClient Connect() => new PostgresClient(cluster.Open(queryLimit));

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private static async Task<PeerKeywords> CopyProductsAsync(NpgsqlConnection connection, IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var keywords = new PeerKeywords();
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY products (id, price_range, category, brand, name, description, source) FROM STDIN (FORMAT binary)", cancellationToken);
        var id = 0;
        foreach (var product in PeerProduct.Read(pieces))
        {
            keywords.Count(product);
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(++id, NpgsqlDbType.Integer, cancellationToken);
            await (product.PriceRange is { } range ? copy.WriteAsync((short)range, NpgsqlDbType.Smallint, cancellationToken) : copy.WriteNullAsync(cancellationToken));
            await WriteAsync(product.Document.Category);
            await WriteAsync(product.Document.Brand);
            await WriteAsync(product.Document.Name);
            await WriteAsync(product.Document.Description);
            await copy.WriteAsync(product.Source, NpgsqlDbType.Bytea, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
        return keywords;

        Task WriteAsync(string? text) => text is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);
    }

    private static async Task CopyKeywordsAsync(NpgsqlConnection connection, PeerKeywords keywords, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY keywords FROM STDIN (FORMAT binary)", cancellationToken);
        foreach (var (kind, folded, value, products) in keywords.Rows())
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(kind, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(folded, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(products, NpgsqlDbType.Integer, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Statement by statement on a connection of its own: some refuse to run in the transaction of others.</summary>
    private async Task IndexAsync(string statements, CancellationToken cancellationToken)
    {
        await using var connection = cluster.Open();
        foreach (var statement in statements.Split(';'))
        {
            await ExecuteAsync(connection, statement, cancellationToken);
        }
    }
}
