using System.Collections.Concurrent;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>Batches that are filled, written and filled again. Safe for concurrent use.</summary>
/// <param name="batchBytes">Bytes of records in one batch.</param>
internal sealed class BatchPool(int batchBytes) : IDisposable
{
    private const int MaxIdle = 64;
    private readonly ConcurrentQueue<BatchBuilder> _idle = new();

    /// <summary>Bytes of records in one batch.</summary>
    public int BatchBytes { get; } = batchBytes;

    public BatchBuilder Rent() => _idle.TryDequeue(out var batch) ? batch : new BatchBuilder(BatchBytes);

    public void Return(BatchBuilder batch)
    {
        if (_idle.Count >= MaxIdle)
        {
            batch.Dispose();
            return;
        }

        batch.Clear();
        _idle.Enqueue(batch);
    }

    public void Dispose()
    {
        while (_idle.TryDequeue(out var batch))
        {
            batch.Dispose();
        }
    }
}
