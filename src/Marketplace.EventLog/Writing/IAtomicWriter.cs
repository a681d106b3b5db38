namespace Marketplace.EventLog;

/// <summary>Commits output records and input positions together or not at all. One commit at a time.</summary>
public interface IAtomicWriter : IAsyncDisposable
{
    string Name { get; }

    /// <summary>
    /// Commits the batch; completes when it is durable. Returns the positions of its records in the order they were added.
    /// The batch's memory must stay untouched until completion. Cancelled before it began: nothing is written; later: it completes.
    /// </summary>
    /// <exception cref="WriterFencedException">A newer writer of this name exists, or the batch's member no longer owns one of the partitions.</exception>
    /// <exception cref="LogUnavailableException">Nothing of the batch became visible; it may be committed again.</exception>
    ValueTask<RecordPosition[]> CommitAsync(AtomicBatch batch, CancellationToken cancellationToken);
}
