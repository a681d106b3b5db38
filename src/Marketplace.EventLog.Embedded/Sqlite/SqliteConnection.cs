using SQLitePCL;

namespace Marketplace.EventLog.Embedded.Sqlite;

/// <summary>
/// One SQLite connection, used by one thread at a time. Thinner than ADO.NET on purpose: blobs are bound and read as spans.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int DbStatusCacheWrite = 9;
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    private readonly sqlite3 _handle;

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    public static SqliteConnection Open(string path, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new SqliteConnection(handle);
        try
        {
            connection.Check(result);
            connection.Check(raw.sqlite3_extended_result_codes(handle, 1));
            connection.Check(raw.sqlite3_busy_timeout(handle, (int)BusyTimeout.TotalMilliseconds));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        return new SqliteStatement(this, statement);
    }

    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        statement.Run();
    }

    public long QueryInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.GetInt64(0) : throw new InvalidOperationException($"No row: {sql}");
    }

    public string QueryText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.GetText(0) : throw new InvalidOperationException($"No row: {sql}");
    }

    /// <summary>Opens a blob for reading; it pins a read transaction until disposed.</summary>
    public sqlite3_blob OpenBlob(string table, string column, long rowId)
    {
        Check(raw.sqlite3_blob_open(_handle, "main", table, column, rowId, 0, out var blob));
        return blob;
    }

    /// <summary>Pages this connection has written to the write-ahead log since the last call.</summary>
    public int TakeWrittenPages()
    {
        raw.sqlite3_db_status(_handle, DbStatusCacheWrite, out var pages, out _, 1);
        return pages;
    }

    /// <summary>Checkpoints the write-ahead log. Returns its length in pages, how many are in the database now, and whether all asked for was done.</summary>
    public (int LogPages, int DonePages, bool Complete) Checkpoint(bool restart)
    {
        var mode = restart ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_PASSIVE;
        var result = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out var pages, out var done);
        if (result != raw.SQLITE_BUSY)
        {
            Check(result);
        }

        return (pages, done, result == raw.SQLITE_OK && pages == done);
    }

    public void Check(int result)
    {
        if (result is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return;
        }

        throw new SqliteException(raw.sqlite3_extended_errcode(_handle), $"SQLite error {result}: {raw.sqlite3_errmsg(_handle).utf8_to_string()}");
    }

    public void Dispose() => raw.sqlite3_close_v2(_handle);
}
