using Marketplace.EventLog;

namespace Marketplace.Mirror.Verification;

/// <summary>Reads a partition record by record, up to an offset.</summary>
internal sealed class RecordCursor(ILogReader reader, TopicPartition partition, long end) : IAsyncDisposable
{
    private RecordBatch? _batch;
    private int _index = -1;

    /// <summary>Valid until the next move.</summary>
    public StoredRecord Current => _batch!.Records[_index];

    public static async ValueTask<RecordCursor> OpenAsync(IEventLog log, TopicPartition partition, long from, long end, CancellationToken cancellationToken) => new(
        await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = from }, new ReaderOptions { ResetToBegin = true }, cancellationToken).ConfigureAwait(false),
        partition,
        end);

    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_batch is not null && ++_index < _batch.Count)
            {
                return _batch.Records[_index].Offset < end;
            }

            _batch?.Dispose();
            _batch = null;
            if (reader.PositionOf(partition) >= end)
            {
                return false;
            }

            _batch = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody wakes this reader.");
            _index = -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _batch?.Dispose();
        await reader.DisposeAsync().ConfigureAwait(false);
    }
}
