using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

internal sealed class EmbeddedAtomicWriter(string name, long epoch, LogWriter writer, TopicRegistry topics, WriterEpochs epochs, RecordEncoder encoder) : IAtomicWriter
{
    private int _busy;
    private bool _disposed;

    public string Name { get; } = name;

    public long Epoch { get; } = epoch;

    public async ValueTask<RecordPosition[]> CommitAsync(AtomicBatch batch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException($"Writer '{Name}' is already committing; one commit at a time.");
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var request = new CommitRequest(this, batch, topics, epochs);
            request.Check();
            if (encoder.IsFor(request.Bytes))
            {
                // Beside its caller, who may be filling the next one; and at the caller's priority.
                await Task.Factory.StartNew(() => request.Encode(encoder), cancellationToken, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).ConfigureAwait(false);
            }

            var done = request.WaitAsync(cancellationToken);
            writer.Enqueue(request);
            return await done.ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        return ValueTask.CompletedTask;
    }
}
