using System.Globalization;
using Marketplace.EventLog.Embedded.Sqlite;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>The database file: its making, its settings, and the check that both are as durability needs them.</summary>
internal static class LogDatabase
{
    public const string FileName = "event-log.db";

    private const int ApplicationId = 0x4D4B4C47; // "MKLG"
    private const int Version = 3;

    /// <summary>The version before batches could be compressed; what it wrote is read as it is.</summary>
    private const int PlainVersion = 2;

    private const string Schema =
        """
        CREATE TABLE topics (
            id INTEGER PRIMARY KEY, uuid BLOB NOT NULL, name TEXT NOT NULL UNIQUE, partitions INTEGER NOT NULL, max_message_bytes INTEGER NOT NULL,
            compaction_lag_ms INTEGER, tombstone_retention_ms INTEGER, retention_ms INTEGER, retention_bytes INTEGER) STRICT;
        CREATE TABLE partitions (
            id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, number INTEGER NOT NULL,
            begin_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL, cleaned_offset INTEGER NOT NULL, cleaned_bytes INTEGER NOT NULL,
            tombstone_horizon INTEGER, UNIQUE (topic, number)) STRICT;
        CREATE TABLE batches (
            id INTEGER PRIMARY KEY, last INTEGER NOT NULL, count INTEGER NOT NULL, max_timestamp INTEGER NOT NULL,
            tombstone_horizon INTEGER, crc INTEGER NOT NULL, data BLOB NOT NULL, bytes INTEGER) STRICT;
        CREATE TABLE positions (
            consumer_group TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL, metadata TEXT,
            PRIMARY KEY (consumer_group, partition)) STRICT, WITHOUT ROWID;
        CREATE TABLE writers (name TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Opens the file for writing, making it when it is not there.</summary>
    public static SqliteConnection OpenWriter(string file, EmbeddedLogOptions options)
    {
        var connection = SqliteConnection.Open(file, readOnly: false);
        try
        {
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size = {options.PageSize}"));
            connection.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            Configure(connection);

            // A whole group stays in the cache until it is committed: a page spilled earlier would be written twice.
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA cache_size = -{(2 * options.GroupCommitBytes / 1024) + 16384}"));
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA journal_size_limit = {4L * options.CheckpointBytes}"));
            Prepare(connection, file);
            if (options.MaxPages is { } pages)
            {
                connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sets what every writing connection needs and reads it back: without it an acknowledgement would be a lie.</summary>
    public static void Configure(SqliteConnection connection)
    {
        connection.Execute("PRAGMA journal_mode = WAL");
        connection.Execute("PRAGMA synchronous = FULL");
        connection.Execute("PRAGMA fullfsync = ON");
        connection.Execute("PRAGMA checkpoint_fullfsync = ON");
        connection.Execute("PRAGMA wal_autocheckpoint = 0");
        if (connection.QueryText("PRAGMA journal_mode") != "wal" || connection.QueryInt64("PRAGMA synchronous") < 2)
        {
            throw new LogFailedException("SQLite refuses the write-ahead log or synchronous=FULL here; without them nothing can be promised durable. Is the folder on a network share?");
        }
    }

    private static void Upgrade(SqliteConnection connection)
    {
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute("ALTER TABLE batches ADD COLUMN bytes INTEGER");
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        connection.Execute("COMMIT");
    }

    private static void Prepare(SqliteConnection connection, string file)
    {
        var (application, version) = (connection.QueryInt64("PRAGMA application_id"), connection.QueryInt64("PRAGMA user_version"));
        if (application == ApplicationId && version == Version)
        {
            return;
        }

        if (application == ApplicationId && version == PlainVersion)
        {
            Upgrade(connection);
            return;
        }

        if (connection.QueryInt64("SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new LogFailedException(application == ApplicationId
                ? $"'{file}' is an event log of version {version}; this program knows version {Version}. Use the program that wrote it."
                : $"'{file}' is a database, but not an event log. Choose another folder.");
        }

        connection.Execute("BEGIN IMMEDIATE");
        foreach (var statement in Schema.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            connection.Execute(statement);
        }

        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Version}"));
        connection.Execute("COMMIT");
    }
}
