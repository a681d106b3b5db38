using System.Diagnostics;
using SQLitePCL;

namespace Marketplace.Benchmarks.Limits;

/// <summary>
/// The limit of ingestion: a plain SQLite append loop over prepared products, one row a record, with everything else as
/// SQLite has it: WAL, <c>synchronous=FULL</c> (an fsync each commit), pages of 8192 bytes, checkpoints at 1000 pages.
/// </summary>
internal static class RawSqlite
{
    /// <param name="commit">Records a transaction.</param>
    /// <returns>Records a second, from the first row to the end of the last commit.</returns>
    public static double Append(string folder, IReadOnlyList<(byte[] Key, byte[] Value)> records, int commit)
    {
        using var database = new SqliteSession(Path.Combine(folder, "raw.db"));
        database.Execute("PRAGMA page_size = 8192");
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute("PRAGMA synchronous = FULL");
        database.Execute("CREATE TABLE records (id INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB NOT NULL)");
        using var insert = database.Prepare("INSERT INTO records (key, value) VALUES (?1, ?2)");
        using var begin = database.Prepare("BEGIN");
        using var end = database.Prepare("COMMIT");
        var start = Stopwatch.GetTimestamp();
        for (var first = 0; first < records.Count; first += commit)
        {
            SqliteSession.Step(begin);
            for (var i = first; i < Math.Min(records.Count, first + commit); i++)
            {
                SqliteSession.Check(raw.sqlite3_bind_blob(insert, 1, records[i].Key));
                SqliteSession.Check(raw.sqlite3_bind_blob(insert, 2, records[i].Value));
                SqliteSession.Step(insert);
            }

            SqliteSession.Step(end);
        }

        return records.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
