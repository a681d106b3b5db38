using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>
/// Owns a consumer: polls it on a thread of its own, makes batches, and hands them over a bounded channel, so that a slow
/// reader slows the fetching and not the memory.
/// </summary>
internal sealed class ConsumerThread : IAsyncDisposable
{
    /// <summary>Batches of at most <see cref="ReaderOptions.MaxBatchBytes"/> that wait for the reader.</summary>
    private const int Waiting = 4;

    private const int PollMilliseconds = 100;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(Waiting);
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<TopicPartition, Fetched> _fetched = [];
    private readonly Dictionary<nint, string> _topicNames = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly BatchBuilder _builder;
    private readonly KafkaFaults _faults;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HeldClient _held;
    private readonly nint _client;
    private readonly Lock _queueGate = new();
    private nint _queue;
    private TopicPartition _building;

    /// <summary>The topic's handle in the last message of what is being built.</summary>
    private nint _buildingTopic;

    public ConsumerThread(IConsumer<Ignore, Ignore> consumer, ReaderOptions options, KafkaFaults faults, TimeProvider time, ILogger logger)
    {
        (_consumer, _faults, _time, _logger) = (consumer, faults, time, logger);
        _builder = new BatchBuilder(options.MaxBatchBytes);
        _held = new HeldClient(consumer);
        _client = _held.Pointer;
        _queue = Librdkafka.QueueGetConsumer(_client);
    }

    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    public IConsumer<Ignore, Ignore> Consumer => _consumer;

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

    /// <summary>From now on the partition is read from here; to be called on the consumer's thread.</summary>
    public void Expect(TopicPartition partition, long position, int epoch)
    {
        if (_building == partition)
        {
            _builder.Clear();
        }

        _fetched[partition] = new Fetched(position, epoch);
    }

    /// <summary>The partition is read no more; to be called on the consumer's thread.</summary>
    public void Forget(TopicPartition partition)
    {
        if (_building == partition)
        {
            _builder.Clear();
        }

        _fetched.Remove(partition);

        // The client may free the topic now, and give its address to another.
        _topicNames.Clear();
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
        if (!_fetched.ContainsKey(partition))
        {
            return;
        }

        Expect(partition, offset, epoch);
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

                var message = Librdkafka.ConsumerPoll(_client, _builder.IsEmpty ? PollMilliseconds : 0);
                if (message == null)
                {
                    Deliver();
                    continue;
                }

                try
                {
                    See(message);
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

    private unsafe void See(Librdkafka.Message* message)
    {
        if (message->Error != 0)
        {
            SeeError(message);
            return;
        }

        // The next record of the same partition needs no look at what is expected: whatever changes that clears the builder.
        if (_builder.IsEmpty || message->Topic != _buildingTopic || message->Partition != _building.Partition || message->Offset < _builder.NextOffset)
        {
            var partition = PartitionOf(message);
            if (!_fetched.TryGetValue(partition, out var fetched) || message->Offset < fetched.Position)
            {
                return;
            }

            if (!_builder.IsEmpty && _building != partition)
            {
                Deliver();
            }

            (_building, _buildingTopic) = (partition, message->Topic);
        }

        if (!_builder.TryAdd(message))
        {
            Deliver();
            _builder.TryAdd(message);
        }

        if (_builder.IsFull)
        {
            Deliver();
        }
    }

    private unsafe void SeeError(Librdkafka.Message* message)
    {
        var error = new Error((ErrorCode)message->Error, message->Payload == null ? null : Marshal.PtrToStringUTF8((nint)message->Payload, (int)message->Length));
        var partition = message->Topic == 0 ? default : PartitionOf(message);
        switch (error.Code)
        {
            case ErrorCode.Local_PartitionEOF:
                SeeEnd(partition, message->Offset);
                break;
            case ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange when _fetched.TryGetValue(partition, out var fetched):
                Hand(new Delivery(partition, fetched.Epoch, null, new PositionLostException()));
                break;
            case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition when message->Topic != 0:
                Hand(new Delivery(partition, EpochOf(partition), null, KafkaFaults.Missing(partition.Topic)));
                break;
            case ErrorCode.GroupAuthorizationFailed:
                Hand(new Delivery(default, 0, null, _faults.Of(error, "Read or Describe", "the reader's group")));
                break;
            case ErrorCode.TopicAuthorizationFailed:
                Hand(new Delivery(default, 0, null, _faults.Of(error, "Read", $"topic '{partition.Topic}'")));
                break;
            default:
                // The client itself connects again and goes on where it was.
                KafkaLog.ReadTrouble(_logger, error.Reason);
                break;
        }
    }

    /// <summary>The end of what is committed: the position moves past what is no record.</summary>
    private void SeeEnd(TopicPartition partition, long end)
    {
        if (!_builder.IsEmpty && _building == partition)
        {
            Deliver();
        }

        if (_fetched.TryGetValue(partition, out var fetched) && end > fetched.Position)
        {
            _fetched[partition] = fetched with { Position = end };
            Hand(new Delivery(partition, fetched.Epoch, new RecordBatch(partition, default, end, end), null));
        }
    }

    private void Deliver()
    {
        if (_builder.IsEmpty)
        {
            return;
        }

        var (partition, next) = (_building, _builder.NextOffset);
        var end = Librdkafka.GetWatermarkOffsets(_client, partition.Topic, partition.Partition, out _, out var high) == 0 ? Math.Max(high, next) : next;
        var epoch = EpochOf(partition);
        _fetched[partition] = new Fetched(next, epoch);
        Hand(new Delivery(partition, epoch, _builder.Build(partition, end), null));
    }

    private void Hand(Delivery delivery)
    {
        if (delivery.Batch is not null)
        {
            _room.Wait(_closing.Token);
        }

        _deliveries.Writer.TryWrite(delivery);
    }

    private int EpochOf(TopicPartition partition) => _fetched.TryGetValue(partition, out var fetched) ? fetched.Epoch : 0;

    private unsafe TopicPartition PartitionOf(Librdkafka.Message* message)
    {
        if (!_topicNames.TryGetValue(message->Topic, out var name))
        {
            name = Marshal.PtrToStringUTF8((nint)Librdkafka.TopicName(message->Topic))!;
            _topicNames.Add(message->Topic, name);
        }

        return new TopicPartition(name, message->Partition);
    }

    private readonly record struct Fetched(long Position, int Epoch);
}

/// <summary>The partition has no record at the position, and none before it that could follow.</summary>
internal sealed class PositionLostException : Exception;
