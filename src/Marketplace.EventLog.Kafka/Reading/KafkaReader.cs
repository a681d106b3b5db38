using Marketplace.EventLog.Kafka.Clients;

namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>Reads what a <see cref="ConsumerThread"/> hands over; base of the group's member.</summary>
internal class KafkaReader(ConsumerThread thread, ReaderOptions options, OpenClients open, Func<TopicPartition, CancellationToken, ValueTask<OffsetRange>> rangeOf) : ILogReader
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<TopicPartition, Cursor> _cursors = [];
    private int _epoch;
    private int _woken;
    private int _disposed;

    protected ConsumerThread Thread => thread;

    protected bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Begins to read partitions at these offsets.</summary>
    public void Assign(IReadOnlyDictionary<TopicPartition, long> from)
    {
        var targets = new List<Confluent.Kafka.TopicPartitionOffset>(from.Count);
        foreach (var (partition, offset) in from)
        {
            thread.Assembly.Expect(partition, offset, Add(partition, offset));
            targets.Add(new Confluent.Kafka.TopicPartitionOffset(partition.Topic, partition.Partition, offset));
        }

        thread.Consumer.Assign(targets);
    }

    public async ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        if (!_turn.Wait(0, CancellationToken.None))
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            throw new InvalidOperationException("A read is under way; one caller at a time.");
        }

        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ObjectDisposedException.ThrowIf(IsDisposed, this);
                await RebalanceAsync(cancellationToken).ConfigureAwait(false);
                if (Interlocked.Exchange(ref _woken, 0) != 0)
                {
                    return null;
                }

                if (thread.Deliveries.TryRead(out var delivery))
                {
                    if (await TakeAsync(delivery, cancellationToken).ConfigureAwait(false) is { } batch)
                    {
                        return batch;
                    }
                }
                else if (!await thread.Deliveries.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    throw new ObjectDisposedException(GetType().Name, "The event log is closed.");
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Wake()
    {
        // Once for as many as come before the reader sees it: the channel has no bound, and would keep each until a read that may be far off.
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            thread.Knock();
        }
    }

    public long PositionOf(TopicPartition partition) => CursorOf(partition).Position;

    public void Seek(TopicPartition partition, long offset)
    {
        var cursor = CursorOf(partition);
        if (offset is LogOffset.Begin or LogOffset.End)
        {
            // Now, not when the consumer comes to it: what is appended next is after this end.
            offset = thread.OffsetNow(partition, offset);
        }

        (cursor.Position, cursor.Epoch) = (offset, ++_epoch);
        var epoch = _epoch;
        thread.Post(() => thread.Seek(partition, offset, epoch));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        open.Remove(this);
        thread.Knock();
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            await LeaveAsync().ConfigureAwait(false);
        }
        finally
        {
            await thread.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets a member take part in a rebalance before it reads on.</summary>
    protected virtual ValueTask RebalanceAsync(CancellationToken cancellationToken) => default;

    /// <summary>What a member does before it goes.</summary>
    protected virtual ValueTask LeaveAsync() => default;

    protected int Add(TopicPartition partition, long position)
    {
        _cursors[partition] = new Cursor { Position = position, Epoch = ++_epoch };
        return _epoch;
    }

    protected void Remove(TopicPartition partition) => _cursors.Remove(partition);

    private async ValueTask<RecordBatch?> TakeAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Batch is not null)
        {
            thread.Taken();
        }

        if (delivery.Fault is not null and not PositionLostException)
        {
            throw delivery.Fault;
        }

        if (!_cursors.TryGetValue(delivery.Partition, out var cursor) || cursor.Epoch != delivery.Epoch)
        {
            // Read before a seek, or of a partition that is another member's now.
            delivery.Batch?.Dispose();
            return null;
        }

        if (delivery.Fault is not null)
        {
            return await RecoverAsync(delivery.Partition, cursor, cancellationToken).ConfigureAwait(false);
        }

        cursor.Position = delivery.Batch!.NextOffset;
        return delivery.Batch;
    }

    /// <returns>Nothing, up to where it goes on: if nothing is left there, no other batch would say so.</returns>
    private async ValueTask<RecordBatch> RecoverAsync(TopicPartition partition, Cursor cursor, CancellationToken cancellationToken)
    {
        var range = await rangeOf(partition, cancellationToken).ConfigureAwait(false);
        if (!options.ResetToBegin)
        {
            throw new OffsetOutOfRangeException(partition, cursor.Position, range);
        }

        Seek(partition, range.Begin);
        return new RecordBatch(partition, default, range.Begin, range.End);
    }

    private Cursor CursorOf(TopicPartition partition) => _cursors.TryGetValue(partition, out var cursor)
        ? cursor
        : throw new ArgumentException($"{partition} is not among the reader's partitions.", nameof(partition));

    private sealed class Cursor
    {
        public long Position { get; set; }

        public int Epoch { get; set; }
    }
}
