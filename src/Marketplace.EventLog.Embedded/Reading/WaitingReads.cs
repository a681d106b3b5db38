namespace Marketplace.EventLog.Embedded.Reading;

/// <summary>Reads the next batch of some partitions, or waits for it: what readers and group members have in common. One read at a time.</summary>
internal sealed class WaitingReads(PartitionCursors cursors, WakeSignal signal, ReadPace pace, CancellationToken logClosed)
{
    private readonly ReadTurn _turn = new();
    private int _woken;

    /// <param name="reader">Whose read it is.</param>
    /// <param name="prepare">To be done before each look, or null.</param>
    /// <returns>The next batch, or null after <see cref="Wake"/>.</returns>
    public async ValueTask<RecordBatch?> NextAsync(object reader, Func<CancellationToken, ValueTask>? prepare, CancellationToken cancellationToken)
    {
        _turn.Enter(reader);
        try
        {
            // On the caller's own scheduler if it has one: a reader of low priority is not to read and decompress at a higher one.
            var here = TaskScheduler.Current != TaskScheduler.Default;
            while (true)
            {
                // Before the looks below: what any of them misses sets the signal again.
                signal.Reset();
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_turn.IsDisposed || logClosed.IsCancellationRequested, reader);
                if (prepare is not null)
                {
                    await prepare(cancellationToken).ConfigureAwait(here);
                }

                if (Interlocked.Exchange(ref _woken, 0) != 0)
                {
                    return null;
                }

                if (cursors.TryRead() is { } batch)
                {
                    return batch;
                }

                pace.RanDry();
                await signal.WaitAsync(cancellationToken).ConfigureAwait(here);
                if (Volatile.Read(ref _woken) == 0)
                {
                    await pace.GatherAsync(cancellationToken).ConfigureAwait(here);
                }
            }
        }
        finally
        {
            _turn.Leave();
        }
    }

    public void Wake()
    {
        Volatile.Write(ref _woken, 1);
        signal.Set();
    }

    /// <summary>Makes a pending read end and waits for it. True for the first caller, who then cleans up.</summary>
    public ValueTask<bool> EndAsync() => _turn.DisposeAsync(signal);
}
