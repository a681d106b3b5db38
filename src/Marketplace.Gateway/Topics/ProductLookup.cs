using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>Reads single records of <c>shop-products</c> by their offset. One caller at a time.</summary>
public sealed class ProductLookup(IEventLog log) : IAsyncDisposable
{
    private static readonly ReaderOptions OneRecord = new() { MaxBatchBytes = 1, ResetToBegin = true };
    private readonly Dictionary<int, ILogReader> _readers = [];

    /// <summary>A batch that begins with the record at exactly this offset, or null when it is not in the log any more.</summary>
    public async ValueTask<RecordBatch?> ReadAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        var source = new TopicPartition(TopicNames.ShopProducts, partition);
        var range = await log.GetRangeAsync(source, cancellationToken);
        if (offset < range.Begin || offset >= range.End)
        {
            return null;
        }

        if (!_readers.TryGetValue(partition, out var reader))
        {
            reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [source] = offset }, OneRecord, cancellationToken);
            _readers.Add(partition, reader);
        }
        else
        {
            reader.Seek(source, offset);
        }

        var batch = await reader.ReadAsync(cancellationToken);
        if (batch is { Count: > 0 } && batch.Records[0].Offset == offset)
        {
            return batch;
        }

        batch?.Dispose();
        return null;
    }

    /// <summary>All at once: a Kafka client may take seconds to close, and a stop has ten.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_readers.Values.Select(reader => reader.DisposeAsync().AsTask()));
}
