using System.Diagnostics;
using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>
/// The one writer: a thread of its own that takes all that waits, writes it in one transaction with one fsync, shows it to
/// readers, and only then completes the callers, on the thread pool.
/// </summary>
internal sealed partial class LogWriter
{
    private readonly WriteQueue _queue = new();
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly CommitGroup _group;
    private readonly Checkpointer _checkpointer;
    private readonly LogHealth _health;
    private readonly LogMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _groupBytes;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _unavailable;

    /// <summary>How many of the group's requests have been told their outcome; a pooled one may be another caller's since.</summary>
    private int _completed;

    public LogWriter(SqliteConnection connection, CommitGroup group, Checkpointer checkpointer, LogHealth health, LogMetrics metrics, TimeProvider time, ILogger logger, int groupBytes, Action? onThread)
    {
        (_connection, _group, _checkpointer, _health) = (connection, group, checkpointer, health);
        (_metrics, _time, _logger, _groupBytes) = (metrics, time, logger, groupBytes);
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _ = health.Failed.ContinueWith(_ => _queue.Abort(health.Refusal), TaskScheduler.Default);
        new Thread(() => Run(onThread)) { IsBackground = true, Name = "event-log-writer" }.Start();
    }

    /// <summary>Ends when the writer has drained its queue after <see cref="Close"/>, or has failed.</summary>
    public Task Stopped => _stopped.Task;

    public void Enqueue(WriteRequest request) => _queue.Enqueue(request);

    /// <summary>Runs work in a transaction of its own, in turn with the appends.</summary>
    public Task<T> RunAsync<T>(Func<SqliteConnection, T> execute, Action<T>? publish, CancellationToken cancellationToken)
    {
        var request = new ExclusiveRequest<T>(execute, publish);
        var done = request.WaitAsync(cancellationToken);
        _queue.Enqueue(request);
        return done;
    }

    /// <summary>The same for work that can wait: appends go before it, though not for ever.</summary>
    public Task<T> MaintainAsync<T>(Func<SqliteConnection, T> execute, Action<T>? publish, CancellationToken cancellationToken)
    {
        var request = new ExclusiveRequest<T>(execute, publish);
        var done = request.WaitAsync(cancellationToken);
        _queue.EnqueueMaintenance(request);
        return done;
    }

    /// <summary>Refuses further requests; those that wait are still written.</summary>
    public void Close() => _queue.Close(static () => new ObjectDisposedException(nameof(EmbeddedEventLog)));

    private void Run(Action? onThread)
    {
        var requests = new List<GroupedRequest>();
        try
        {
            onThread?.Invoke();
            while (_queue.Take(requests, out var exclusive, _groupBytes))
            {
                if (exclusive is not null)
                {
                    Write(exclusive);
                }
                else
                {
                    Write(requests);
                    requests.Clear();
                    _completed = 0;
                }

                _checkpointer.Written(_connection);
            }
        }
        catch (Exception exception)
        {
            _health.Fail($"The log's writer has ended: {exception.Message}", exception);
            Log.WriterEnded(_logger, exception);
            foreach (var request in requests.Skip(_completed))
            {
                request.Fail(_health.Refusal());
            }
        }
        finally
        {
            _queue.Abort(() => _health.Failed.IsCompleted ? _health.Refusal() : new ObjectDisposedException(nameof(EmbeddedEventLog)));
            _begin.Dispose();
            _commit.Dispose();
            _group.Dispose();
            _stopped.SetResult();
        }
    }

    private void Write(List<GroupedRequest> requests)
    {
        _group.Now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        Stage(requests);
        if (requests.Count == 0)
        {
            return;
        }

        Func<Exception>? error = null;
        if (!_group.IsEmpty)
        {
            error = TryTransact(_group.Write);
        }

        if (error is null)
        {
            _metrics.Appended(_group.Records, _group.Bytes);
            _group.Publish();
        }

        _group.Clear();
        foreach (var request in requests)
        {
            _completed++;
            if (error is null)
            {
                request.Succeed();
            }
            else
            {
                request.Fail(error());
            }
        }
    }

    /// <summary>Leaves those requests that are part of the group; what is wrong with one fails that one only.</summary>
    private void Stage(List<GroupedRequest> requests)
    {
        var (kept, tried) = (0, 0);
        try
        {
            for (; tried < requests.Count; tried++)
            {
                if (TryStage(requests[tried]))
                {
                    requests[kept++] = requests[tried];
                }
            }
        }
        finally
        {
            requests.RemoveRange(kept, tried - kept);
        }
    }

    private bool TryStage(GroupedRequest request)
    {
        var before = _group.Records;
        try
        {
            request.Stage(_group);
            return true;
        }
        catch (Exception exception) when (_group.Records == before)
        {
            // Had it left a part of itself in the group, the group could not be written.
            request.Fail(exception);
            return false;
        }
    }

    private void Write(ExclusiveRequest request)
    {
        Exception? own = null;
        var error = TryTransact(() =>
        {
            try
            {
                request.Execute(_connection);
            }
            catch (Exception exception) when (exception is not SqliteException)
            {
                own = exception;
                throw;
            }
        });

        if (own is not null)
        {
            request.Fail(own);
        }
        else if (error is not null)
        {
            request.Fail(error());
        }
        else
        {
            request.Succeed();
        }
    }

    /// <summary>Runs one transaction. When it does not succeed, nothing of it is written and the result makes what to throw.</summary>
    private Func<Exception>? TryTransact(Action write)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            _health.ThrowIfFailed();
            _begin.Run();
            write();
            var committing = Stopwatch.GetTimestamp();
            _commit.Run();
            _metrics.Committed(Stopwatch.GetElapsedTime(start), Stopwatch.GetElapsedTime(committing));
            if (_unavailable)
            {
                _unavailable = false;
                Log.AvailableAgain(_logger);
            }

            return null;
        }
        catch (Exception exception)
        {
            return Rollback(exception);
        }
    }

    private Func<Exception> Rollback(Exception exception)
    {
        var fault = exception as SqliteException;
        try
        {
            if (_connection.InTransaction)
            {
                _connection.Execute("ROLLBACK");
            }
        }
        catch (SqliteException rollback)
        {
            // What the transaction has done is not undone in this connection, so it must not go on.
            fault = rollback.IsTransient ? new SqliteException(SQLitePCL.raw.SQLITE_ABORT, $"The rollback failed: {rollback.Message}") : rollback;
        }

        if (fault is null)
        {
            return exception is LogFailedException ? _health.Refusal : () => exception;
        }

        if (!fault.IsTransient)
        {
            var failed = _health.Fail($"The log cannot be written: {fault.Message}.", fault);
            Log.WriteFailed(_logger, failed);
            return _health.Refusal;
        }

        if (!_unavailable)
        {
            _unavailable = true;
            Log.Unavailable(_logger, fault.Message);
        }

        return () => new LogUnavailableException($"The log cannot be written now: {fault.Message}. Nothing was written.", fault);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The event log's writer has ended")]
        public static partial void WriterEnded(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Critical, "The event log has failed for good")]
        public static partial void WriteFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "The event log cannot be written now: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Information, "The event log can be written again")]
        public static partial void AvailableAgain(ILogger logger);
    }
}
