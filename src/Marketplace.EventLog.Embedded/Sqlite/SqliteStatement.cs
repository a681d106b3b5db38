using SQLitePCL;

namespace Marketplace.EventLog.Embedded.Sqlite;

/// <summary>A prepared statement; parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    public SqliteStatement Bind(int parameter, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value)
    {
        connection.Check(value is { } number ? raw.sqlite3_bind_int64(handle, parameter, number) : raw.sqlite3_bind_null(handle, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        connection.Check(value is null ? raw.sqlite3_bind_null(handle, parameter) : raw.sqlite3_bind_text(handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        connection.Check(raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>Moves to the next row; false when there is none.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        connection.Check(result);
        return result == raw.SQLITE_ROW;
    }

    /// <summary>Runs to the end and resets, also when it fails.</summary>
    public void Run()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            Reset();
        }
    }

    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(handle, column);

    public long? GetNullableInt64(int column) => IsNull(column) ? null : GetInt64(column);

    public string GetText(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string();

    public string? GetNullableText(int column) => IsNull(column) ? null : GetText(column);

    /// <summary>The column's bytes, valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> GetBlob(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => raw.sqlite3_finalize(handle);
}
