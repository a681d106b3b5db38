namespace Marketplace.EventLog.Embedded.Reading;

internal sealed class EmbeddedLogReader(PartitionCursors cursors, WakeSignal signal, ReadPace pace, CancellationToken logClosed) : ILogReader
{
    private readonly ReadTurn _turn = new();
    private int _woken;

    public async ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        _turn.Enter(this);
        try
        {
            while (true)
            {
                // Before the looks below: what any of them misses sets the signal again.
                signal.Reset();
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(_turn.IsDisposed || logClosed.IsCancellationRequested, this);
                if (Interlocked.Exchange(ref _woken, 0) != 0)
                {
                    return null;
                }

                if (cursors.TryRead() is { } batch)
                {
                    return batch;
                }

                pace.RanDry();
                // On the caller's own scheduler if it has one: a reader of low priority is not to read and decompress at a higher one.
                var here = TaskScheduler.Current != TaskScheduler.Default;
                await signal.WaitAsync(cancellationToken).ConfigureAwait(here);
                await pace.GatherAsync(cancellationToken).ConfigureAwait(here);
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

    public long PositionOf(TopicPartition partition) => cursors.PositionOf(partition);

    public void Seek(TopicPartition partition, long offset) => cursors.Seek(partition, offset);

    public async ValueTask DisposeAsync()
    {
        if (await _turn.DisposeAsync(signal).ConfigureAwait(false))
        {
            cursors.Dispose();
        }
    }
}
