using System.Diagnostics.CodeAnalysis;

namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>Lets one read at a time into a reader, and its disposal after it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle is never used, so there is nothing to let go of.")]
internal sealed class ReadTurn
{
    private readonly SemaphoreSlim _turn = new(1);
    private int _disposed;

    public bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public void Enter(object reader)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, reader);
        if (!_turn.Wait(0, CancellationToken.None))
        {
            // Its disposal may have taken the turn since.
            ObjectDisposedException.ThrowIf(IsDisposed, reader);
            throw new InvalidOperationException("A read is under way; one caller at a time.");
        }
    }

    public void Leave() => _turn.Release();

    /// <summary>Makes a pending read end and waits for it. True for the first caller, who then cleans up.</summary>
    public async ValueTask<bool> DisposeAsync(WakeSignal signal)
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return false;
        }

        signal.Set();
        await _turn.WaitAsync().ConfigureAwait(false);
        return true;
    }
}
