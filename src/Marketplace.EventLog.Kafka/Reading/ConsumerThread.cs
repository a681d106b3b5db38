using System.Collections.Concurrent;
using System.Threading.Channels;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>
/// Owns a consumer: polls it on a thread of its own and hands its batches over a channel with room for a few, so that a slow
/// reader slows the fetching and not the memory.
/// </summary>
internal sealed class ConsumerThread : IAsyncDisposable
{
    /// <summary>Batches of at most <see cref="ReaderOptions.MaxBatchBytes"/> that wait for the reader.</summary>
    private const int Waiting = 4;

    private const int PollMilliseconds = 100;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    /// <summary>Bounds the batches; what else goes over the channel is small, and waits for nobody.</summary>
    private readonly SemaphoreSlim _room = new(Waiting);
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly KafkaFaults _faults;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HeldClient _held;
    private readonly nint _client;
    private readonly Lock _queueGate = new();
    private nint _queue;

    public ConsumerThread(IConsumer<Ignore, Ignore> consumer, ReaderOptions options, KafkaFaults faults, TimeProvider time, ILogger logger)
    {
        (_consumer, _faults, _time, _logger) = (consumer, faults, time, logger);
        _held = new HeldClient(consumer);
        _client = _held.Pointer;
        _queue = Librdkafka.QueueGetConsumer(_client);
        Assembly = new MessageAssembly(_client, options.MaxBatchBytes, faults, Hand, logger);
    }

    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    public IConsumer<Ignore, Ignore> Consumer => _consumer;

    /// <summary>What is expected and being built; for the consumer's thread alone.</summary>
    public MessageAssembly Assembly { get; }

    public CancellationToken Closing => _closing.Token;

    public void Start(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>The reader has taken a delivery that had a batch.</summary>
    public void Taken() => _room.Release();

    /// <summary>Wakes the reader without a delivery.</summary>
    public void Knock() => _deliveries.Writer.TryWrite(Nothing);

    /// <summary>Runs on the consumer's thread, soon.</summary>
    public void Post(Action command)
    {
        _commands.Enqueue(command);
        EndPoll();
    }

    /// <summary>The partition's beginning or end. Blocks.</summary>
    public long OffsetNow(TopicPartition partition, long which)
    {
        var name = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition);
        try
        {
            using var held = new HeldClient(_consumer);
            var range = _consumer.QueryWatermarkOffsets(name, CallTimeout);
            return which == LogOffset.Begin ? range.Low.Value : range.High.Value;
        }
        catch (KafkaException e)
        {
            throw _faults.Of(e.Error, "Read", $"topic '{partition.Topic}'", e);
        }
    }

    /// <summary>Moves a partition that is read already; to be called on the consumer's thread.</summary>
    public void Seek(TopicPartition partition, long offset, int epoch)
    {
        if (!Assembly.Expects(partition))
        {
            return;
        }

        Assembly.Expect(partition, offset, epoch);
        var target = new TopicPartitionOffset(partition.Topic, partition.Partition, offset);
        try
        {
            _consumer.Seek(target);
        }
        catch (KafkaException)
        {
            // It is not fetched from yet; taking it anew does the same.
            _consumer.IncrementalUnassign([target.TopicPartition]);
            _consumer.IncrementalAssign([target]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_closing.IsCancellationRequested)
        {
            await _closing.CancelAsync().ConfigureAwait(false);
            EndPoll();
        }

        await Clients.Closing.WaitAsync(_ended.Task, _time, _logger).ConfigureAwait(false);
    }

    /// <summary>Makes a poll that waits return, unless the thread has let go of the queue already.</summary>
    private void EndPoll()
    {
        lock (_queueGate)
        {
            if (_queue != 0)
            {
                Librdkafka.QueueYield(_queue);
            }
        }
    }

    private static Delivery Nothing { get; } = new(default, 0, null, null);

    private unsafe void Run()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                while (_commands.TryDequeue(out var command))
                {
                    command();
                }

                var message = Librdkafka.ConsumerPoll(_client, Assembly.IsEmpty ? PollMilliseconds : 0);
                if (message == null)
                {
                    Assembly.Deliver();
                    continue;
                }

                try
                {
                    Assembly.See(message);
                }
                finally
                {
                    // Also when closing ends the wait for room: a message that is kept keeps the client from ever being destroyed.
                    Librdkafka.MessageDestroy(message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            _deliveries.Writer.TryWrite(new Delivery(default, 0, null, e));
        }
        finally
        {
            Close();
        }
    }

    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException)
        {
            // The group learns of it when the session is over.
        }

        lock (_queueGate)
        {
            Librdkafka.QueueDestroy(_queue);
            _queue = 0;
        }

        _consumer.Dispose();
        _held.Dispose();
        _deliveries.Writer.TryComplete();
        _ended.TrySetResult();
    }

    private void Hand(Delivery delivery)
    {
        if (delivery.Batch is not null)
        {
            _room.Wait(_closing.Token);
        }

        _deliveries.Writer.TryWrite(delivery);
    }
}

/// <summary>The partition has no record at the position, and none before it that could follow.</summary>
internal sealed class PositionLostException : Exception;
