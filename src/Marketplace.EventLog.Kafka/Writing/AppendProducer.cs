using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Marketplace.EventLog.Kafka.Topics;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>
/// The one idempotent producer that all appends of a principal share. After a fatal error, or a record that was not delivered
/// in time, what is queued is dropped and a new producer takes over: nothing may be written behind a gap.
/// </summary>
internal sealed class AppendProducer(KafkaClients clients, KafkaLogOptions options, KafkaFaults faults, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan QueuePoll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan CloseLimit = Closing.Limit;
    private static readonly Error Dropped = new(ErrorCode.Local_PurgeQueue);

    /// <summary>Held while a call hands its records over, so that no other call's come between them.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private IProducer<byte[]?, byte[]?>? _producer;

    /// <summary>Fits all topics that were written to.</summary>
    private int _batchBytes = KnownTopic.LargestBatch;
    private Task _retiring = Task.CompletedTask;
    private bool _disposed;

    public async ValueTask<RecordPosition[]> AppendAsync(KnownTopic topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken)
    {
        var call = new AppendCall(topic, records);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        IProducer<byte[]?, byte[]?> producer;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            producer = Current(topic);
            await HandOverAsync(producer, topic, records, call).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        var positions = await call.Delivered.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (call.Error is not { } error)
        {
            return positions;
        }

        if (KafkaFaults.IsTooLarge(error))
        {
            throw call.TooLarge();
        }

        if (KafkaFaults.IsUnknownTopic(error))
        {
            throw KafkaFaults.Missing(topic.Name);
        }

        if (!KafkaFaults.IsAuthorization(error))
        {
            Retire(producer, error);
        }

        throw faults.Of(error, "Write", $"topic '{topic.Name}'");
    }

    /// <summary>Goes on with a new client, which asks the cluster what its topics are: the old one keeps what it knows for minutes. What is queued is still delivered.</summary>
    public async ValueTask RenewAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        Renew();
        _turn.Release();
    }

    /// <summary>Waits a while for what is queued, then drops it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _disposed = true;
        if (Interlocked.Exchange(ref _producer, null) is { } producer)
        {
            await FlushAsync(producer).WaitAsync(CloseLimit * 2, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _turn.Release();
        await _retiring.WaitAsync(CloseLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask HandOverAsync(IProducer<byte[]?, byte[]?> producer, KnownTopic topic, ReadOnlyMemory<LogRecord> records, AppendCall call)
    {
        var started = time.GetTimestamp();
        for (var index = 0; index < records.Length; index++)
        {
            while (TryProduce(producer, topic, records.Span[index], call, index) is { } refused)
            {
                // A full queue empties at the cluster's pace; when that is nil, the call has waited as long as a record would.
                if (refused.Code != ErrorCode.Local_QueueFull || time.GetElapsedTime(started) > options.DeliveryTimeout)
                {
                    call.Skip(records.Length - index, refused);
                    return;
                }

                await Task.Delay(QueuePoll, time).ConfigureAwait(false);
            }
        }
    }

    private static Error? TryProduce(IProducer<byte[]?, byte[]?> producer, KnownTopic topic, in LogRecord record, AppendCall call, int index)
    {
        try
        {
            producer.Produce(topic.Target(record), KafkaMessage.Of(record), call.ReportOf(index));
            return null;
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            return e.Error;
        }
        catch (ObjectDisposedException)
        {
            return Dropped;
        }
    }

    private void Renew()
    {
        if (Interlocked.Exchange(ref _producer, null) is { } producer)
        {
            _retiring = Task.WhenAll(_retiring, FlushAsync(producer));
        }
    }

    private IProducer<byte[]?, byte[]?> Current(KnownTopic topic)
    {
        if (topic.BatchBytes < _batchBytes)
        {
            _batchBytes = topic.BatchBytes;
            Renew();
        }

        if (_producer is { } known)
        {
            return known;
        }

        IProducer<byte[]?, byte[]?>? made = null;
        made = clients.Producer(_batchBytes, error => Retire(made, error));
        Volatile.Write(ref _producer, made);
        return made;
    }

    private async Task CloseAsync(IProducer<byte[]?, byte[]?> producer)
    {
        Purge(producer);

        // A call may be handing its records over; after it nobody has this producer any more.
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Release();
        Purge(producer);

        // The reports of what was dropped come before the flush ends, so every call that waits is answered.
        await FlushAsync(producer).ConfigureAwait(false);
    }

    private static Task FlushAsync(IProducer<byte[]?, byte[]?> producer) => Task.Run(() =>
    {
        producer.Flush(CloseLimit);
        producer.Dispose();
    });

    private static void Purge(IProducer<byte[]?, byte[]?> producer)
    {
        using var client = new HeldClient(producer);
        Librdkafka.Purge(client.Pointer, Librdkafka.PurgeQueue | Librdkafka.PurgeInflight);
    }

    private void Retire(IProducer<byte[]?, byte[]?>? producer, Error error)
    {
        if (producer is null || Interlocked.CompareExchange(ref _producer, null, producer) != producer)
        {
            return;
        }

        KafkaLog.ProducerRetired(logger, options.Principal, error.Reason);
        _retiring = Task.WhenAll(_retiring, Task.Run(() => CloseAsync(producer)));
    }
}
