namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>
/// Calls of the native client that may never return. Each is made on a thread that is left behind with a call that does not,
/// so that it takes that thread along and not the caller's. From one caller at a time.
/// </summary>
internal sealed class BoundedCalls(string name, TimeSpan limit) : IDisposable
{
    private WorkerThread _thread = new(name);

    public TimeSpan Limit => limit;

    /// <exception cref="TimeoutException">The call has not returned within the limit; it may still do what it was to do.</exception>
    public T Run<T>(Func<T> call)
    {
        try
        {
            return _thread.RunAsync(call).WaitAsync(limit).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            _thread.Dispose();
            _thread = new WorkerThread(name);
            throw;
        }
    }

    public void Dispose() => _thread.Dispose();
}
