using System.Threading.Tasks.Sources;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>
/// An auto-reset signal with one waiter: setting it costs one atomic exchange, waiting allocates nothing.
/// Sets that nobody waits for coalesce.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int IsSet = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private int _state;

    public void Set()
    {
        if (Interlocked.Exchange(ref _state, IsSet) == Waiting)
        {
            _source.SetResult(true);
        }
    }

    /// <summary>Forgets earlier sets; to be called before looking at what they announced.</summary>
    public void Reset() => Interlocked.CompareExchange(ref _state, Idle, IsSet);

    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _source.Reset();
        var version = _source.Version;
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == IsSet)
        {
            return ValueTask.CompletedTask;
        }

        _cancellation = cancellationToken.UnsafeRegister(static (signal, token) => ((WakeSignal)signal!).Cancel(token), this);
        return new ValueTask(this, version);
    }

    private void Cancel(CancellationToken token)
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting)
        {
            _source.SetException(new OperationCanceledException(token));
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        _cancellation.Dispose();
        _source.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
