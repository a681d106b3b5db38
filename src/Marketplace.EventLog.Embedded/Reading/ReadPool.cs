using System.Collections.Concurrent;
using Marketplace.EventLog.Embedded.Sqlite;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>Read-only connections, one for each read that runs at the same time. A read is short, so the pool stays small.</summary>
internal sealed class ReadPool(string file) : IDisposable
{
    private static readonly int MaxIdle = Environment.ProcessorCount * 2;
    private readonly ConcurrentStack<ReadConnection> _idle = new();
    private volatile bool _disposed;

    public ReadConnection Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddedEventLog));
        if (_idle.TryPop(out var connection))
        {
            return connection;
        }

        var opened = SqliteConnection.Open(file, readOnly: true);
        try
        {
            return new ReadConnection(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    public void Return(ReadConnection connection)
    {
        if (_disposed || _idle.Count >= MaxIdle)
        {
            connection.Dispose();
            return;
        }

        _idle.Push(connection);
        if (_disposed)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var connection))
        {
            connection.Dispose();
        }
    }
}
