namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>Whether the log has failed for good. The first failure stays.</summary>
internal sealed class LogHealth(string file)
{
    private readonly TaskCompletionSource<LogFailedException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<LogFailedException> Failed => _failed.Task;

    /// <summary>Records what has failed and returns what to throw.</summary>
    public LogFailedException Fail(string what, Exception? inner = null)
    {
        var exception = new LogFailedException(
            $"{what} File: '{file}'. Stop the process; check the disk; then start again, and if the message stays, restore the folder from a copy.", inner);
        _failed.TrySetResult(exception);
        return exception;
    }

    /// <exception cref="LogFailedException">The log has failed.</exception>
    public void ThrowIfFailed()
    {
        if (_failed.Task.IsCompletedSuccessfully)
        {
            throw Refusal();
        }
    }

    /// <summary>A new exception that says what the first failure was.</summary>
    public LogFailedException Refusal() => new(_failed.Task.Result.Message, _failed.Task.Result);
}
