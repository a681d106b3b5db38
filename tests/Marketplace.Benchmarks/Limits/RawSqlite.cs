using System.Diagnostics;
using System.Globalization;
using SQLitePCL;

namespace Marketplace.Benchmarks.Limits;

/// <summary>
/// The limit of ingestion: a plain SQLite append loop over prepared products, one row a record, with everything else as
/// SQLite has it: WAL, <c>synchronous=FULL</c> (an fsync each commit), pages of 8192 bytes, checkpoints at 1000 pages.
/// </summary>
internal static class RawSqlite
{
    static RawSqlite() => Batteries_V2.Init();

    /// <param name="commit">Records a transaction.</param>
    /// <returns>Records a second, from the first row to the end of the last commit.</returns>
    public static double Append(string folder, IReadOnlyList<(byte[] Key, byte[] Value)> records, int commit)
    {
        Check(raw.sqlite3_open(Path.Combine(folder, "raw.db"), out var database));
        using (database)
        {
            Execute(database, "PRAGMA page_size = 8192");
            Execute(database, "PRAGMA journal_mode = WAL");
            Execute(database, "PRAGMA synchronous = FULL");
            Execute(database, "CREATE TABLE records (id INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB NOT NULL)");
            using var insert = Prepare(database, "INSERT INTO records (key, value) VALUES (?1, ?2)");
            using var begin = Prepare(database, "BEGIN");
            using var end = Prepare(database, "COMMIT");
            var start = Stopwatch.GetTimestamp();
            for (var first = 0; first < records.Count; first += commit)
            {
                Step(begin);
                for (var i = first; i < Math.Min(records.Count, first + commit); i++)
                {
                    Check(raw.sqlite3_bind_blob(insert, 1, records[i].Key));
                    Check(raw.sqlite3_bind_blob(insert, 2, records[i].Value));
                    Step(insert);
                }

                Step(end);
            }

            return records.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static sqlite3_stmt Prepare(sqlite3 database, string sql)
    {
        Check(raw.sqlite3_prepare_v2(database, sql, out var statement));
        return statement;
    }

    private static void Step(sqlite3_stmt statement)
    {
        Check(raw.sqlite3_step(statement));
        Check(raw.sqlite3_reset(statement));
    }

    private static void Execute(sqlite3 database, string sql)
    {
        using var statement = Prepare(database, sql);
        Check(raw.sqlite3_step(statement));
    }

    private static void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"SQLite: {raw.sqlite3_errstr(result).utf8_to_string()} ({result})"));
        }
    }
}
