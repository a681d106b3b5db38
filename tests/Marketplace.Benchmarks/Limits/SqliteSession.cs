using System.Globalization;
using SQLitePCL;

namespace Marketplace.Benchmarks.Limits;

/// <summary>A plain connection to a SQLite database, for one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly sqlite3 _database;

    static SqliteSession() => Batteries_V2.Init();

    public SqliteSession(string path) => Check(raw.sqlite3_open(path, out _database));

    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    /// <summary>Asks again and again while a statement runs; one that is to stop ends with <c>SQLITE_INTERRUPT</c>.</summary>
    /// <param name="instructions">Of SQLite's machine between two questions.</param>
    public void StopWhen(Func<bool> stop, int instructions) => raw.sqlite3_progress_handler(_database, instructions, _ => stop() ? 1 : 0, null);

    public sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement));
        return statement;
    }

    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        Check(raw.sqlite3_step(statement));
    }

    /// <summary>Runs a statement that has no rows, and makes it ready for the next time.</summary>
    public static void Step(sqlite3_stmt statement)
    {
        Check(raw.sqlite3_step(statement));
        Check(raw.sqlite3_reset(statement));
    }

    public static void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"SQLite: {raw.sqlite3_errstr(result).utf8_to_string()} ({result})"));
        }
    }

    public void Dispose() => _database.Dispose();
}
