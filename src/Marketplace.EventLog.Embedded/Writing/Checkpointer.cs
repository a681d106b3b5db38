using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// Moves the write-ahead log into the database on a connection and thread of its own, so that appends do not wait for it.
/// Only when that cannot keep up does the writer finish the rest itself, between two commits, and start the log afresh.
/// </summary>
internal sealed partial class Checkpointer(SqliteConnection connection, int pageSize, int checkpointBytes, LogHealth health, ILogger logger)
{
    /// <summary>How many times the checkpoint size the write-ahead log may reach before the writer steps in.</summary>
    private const int WriterStepsInAt = 4;

    private readonly int _threshold = Math.Max(1, checkpointBytes / pageSize);
    private Task _running = Task.CompletedTask;
    private int _written;
    private volatile bool _restart;

    /// <summary>To be called by the writer between transactions.</summary>
    public void Written(SqliteConnection writer)
    {
        _written += writer.TakeWrittenPages();
        if (!_running.IsCompleted || health.Failed.IsCompleted)
        {
            return;
        }

        if (_restart)
        {
            _restart = false;
            Run(writer, restart: true);
        }
        else if (_written >= _threshold)
        {
            _written = 0;
            _running = Task.Factory.StartNew(() => Run(connection, restart: false), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    /// <summary>Waits for what is running and closes the connection; the last connection of the log checkpoints the rest by itself.</summary>
    public async Task CloseAsync()
    {
        await _running.ConfigureAwait(false);
        connection.Dispose();
    }

    private void Run(SqliteConnection on, bool restart)
    {
        try
        {
            var (logPages, _, _) = on.Checkpoint(restart);
            _restart = !restart && logPages >= WriterStepsInAt * _threshold;
        }
        catch (SqliteException exception) when (exception.IsTransient)
        {
            Log.Postponed(logger, exception.Message);
        }
        catch (SqliteException exception)
        {
            Log.Failed(logger, health.Fail($"The log's checkpoint failed: {exception.Message}.", exception));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The event log's checkpoint has to wait: {Reason}")]
        public static partial void Postponed(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Critical, "The event log has failed for good")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
