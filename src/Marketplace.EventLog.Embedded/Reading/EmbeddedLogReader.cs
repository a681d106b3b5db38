namespace Marketplace.EventLog.Embedded.Reading;

internal sealed class EmbeddedLogReader(PartitionCursors cursors, WaitingReads reads) : ILogReader
{
    public ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken) => reads.NextAsync(this, prepare: null, cancellationToken);

    public void Wake() => reads.Wake();

    public long PositionOf(TopicPartition partition) => cursors.PositionOf(partition);

    public void Seek(TopicPartition partition, long offset) => cursors.Seek(partition, offset);

    public async ValueTask DisposeAsync()
    {
        if (await reads.EndAsync().ConfigureAwait(false))
        {
            cursors.Dispose();
        }
    }
}
