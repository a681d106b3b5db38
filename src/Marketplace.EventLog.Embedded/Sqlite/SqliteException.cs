using SQLitePCL;

namespace Marketplace.EventLog.Embedded.Sqlite;

/// <summary>What SQLite reported, with its extended result code.</summary>
internal sealed class SqliteException(int code, string message) : Exception(message)
{
    private const int IoErrWrite = raw.SQLITE_IOERR | (3 << 8);
    private const int IoErrTruncate = raw.SQLITE_IOERR | (6 << 8);
    private const int IoErrShmOpen = raw.SQLITE_IOERR | (18 << 8);
    private const int IoErrShmSize = raw.SQLITE_IOERR | (19 << 8);
    private const int IoErrShmLock = raw.SQLITE_IOERR | (20 << 8);
    private const int IoErrShmMap = raw.SQLITE_IOERR | (21 << 8);

    public int Code { get; } = code;

    public int PrimaryCode => Code & 0xff;

    /// <summary>
    /// True where nothing was written and the same write may succeed later: no room, no memory, a lock held from outside.
    /// A failed fsync is not among them: after it nobody knows what the disk holds, so the log has to stop.
    /// </summary>
    public bool IsTransient => PrimaryCode switch
    {
        raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN => true,
        raw.SQLITE_IOERR => Code is IoErrWrite or IoErrTruncate or IoErrShmOpen or IoErrShmSize or IoErrShmLock or IoErrShmMap,
        _ => false,
    };

    /// <summary>True where the file is not what SQLite wrote.</summary>
    public bool IsDamage => PrimaryCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
}
