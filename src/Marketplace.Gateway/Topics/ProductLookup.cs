using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>
/// Reads single records of <c>shop-products</c> by their offset. Who asks for a partition's offsets in ascending order gets them
/// out of few reads of the log. One caller at a time.
/// </summary>
/// <param name="readAhead">Bytes that one read of the log brings at most, and that are kept for each partition.</param>
public sealed class ProductLookup(IEventLog log, int readAhead = 1) : IAsyncDisposable
{
    private readonly ReaderOptions _options = new() { MaxBatchBytes = readAhead, ResetToBegin = true };
    private readonly Dictionary<int, Place> _places = [];

    /// <summary>The record at exactly this offset, valid until the partition is asked for another; null when it is not in the log any more.</summary>
    public async ValueTask<StoredRecord?> ReadAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        if (!_places.TryGetValue(partition, out var place) || !place.Covers(offset))
        {
            var source = new TopicPartition(TopicNames.ShopProducts, partition);
            var range = await log.GetRangeAsync(source, cancellationToken);
            if (offset < range.Begin || offset >= range.End)
            {
                return null;
            }

            if (place is null)
            {
                place = new Place(source, await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [source] = offset }, _options, cancellationToken), offset);
                _places.Add(partition, place);
            }

            await place.MoveAsync(offset, cancellationToken);
        }

        return place.Find(offset);
    }

    /// <summary>Frees what was read ahead.</summary>
    public void Forget()
    {
        foreach (var place in _places.Values)
        {
            place.Forget();
        }
    }

    /// <summary>All at once: a Kafka client may take seconds to close, and a stop has ten.</summary>
    public async ValueTask DisposeAsync()
    {
        Forget();
        await Task.WhenAll(_places.Values.Select(place => place.Reader.DisposeAsync().AsTask()));
    }

    /// <summary>Where a partition is being read, and what was read there.</summary>
    private sealed class Place(TopicPartition source, ILogReader reader, long next)
    {
        /// <summary>To seek costs a cluster about as much as to read so many batches more.</summary>
        private const int BatchesPerSeek = 4;

        private RecordBatch? _batch;
        private long _from;
        private long _next = next;

        public ILogReader Reader => reader;

        public bool Covers(long offset) => _batch is not null && offset >= _from && offset < _next;

        public StoredRecord? Find(long offset)
        {
            var records = _batch!.Records;
            var (low, high) = (0, records.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = records[middle].Offset < offset ? (middle + 1, high) : (low, middle);
            }

            return low < records.Length && records[low].Offset == offset ? records[low] : null;
        }

        public async Task MoveAsync(long offset, CancellationToken cancellationToken)
        {
            if (offset < _next || offset - _next > BatchesPerSeek * (_next - _from))
            {
                reader.Seek(source, offset);
                _next = offset;
            }

            while (offset >= _next || _batch is null)
            {
                Forget();
                if (await reader.ReadAsync(cancellationToken) is { } batch)
                {
                    (_batch, _from, _next) = (batch, _next, batch.NextOffset);
                }
            }
        }

        public void Forget()
        {
            _batch?.Dispose();
            _batch = null;
        }
    }
}
