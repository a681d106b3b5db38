using System.Runtime.InteropServices;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>
/// Makes batches of a consumer's messages, one partition at a time, and of its errors what the reader has to know. Knows of each
/// partition what is expected next, and drops what comes from before a seek. Lives on the consumer's thread.
/// </summary>
/// <param name="hand">Takes what is ready; it may block, and so slows the fetching.</param>
internal sealed class MessageAssembly(nint client, int maxBatchBytes, KafkaFaults faults, Action<Delivery> hand, ILogger logger)
{
    private readonly BatchBuilder _builder = new(maxBatchBytes);
    private readonly Dictionary<TopicPartition, Fetched> _fetched = [];
    private readonly Dictionary<nint, string> _topicNames = [];
    private TopicPartition _building;

    /// <summary>The topic's handle in the last message of what is being built.</summary>
    private nint _buildingTopic;

    /// <summary>Nothing waits to be handed over.</summary>
    public bool IsEmpty => _builder.IsEmpty;

    public bool Expects(TopicPartition partition) => _fetched.ContainsKey(partition);

    /// <summary>From now on the partition is read from here.</summary>
    public void Expect(TopicPartition partition, long position, int epoch)
    {
        if (_building == partition)
        {
            _builder.Clear();
        }

        _fetched[partition] = new Fetched(position, epoch);
    }

    /// <summary>The partition is read no more.</summary>
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

    public unsafe void See(Librdkafka.Message* message)
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
                hand(new Delivery(partition, fetched.Epoch, null, new PositionLostException()));
                break;
            case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition when message->Topic != 0:
                hand(new Delivery(partition, EpochOf(partition), null, KafkaFaults.Missing(partition.Topic)));
                break;
            case ErrorCode.GroupAuthorizationFailed:
                hand(new Delivery(default, 0, null, faults.Of(error, "Read or Describe", "the reader's group")));
                break;
            case ErrorCode.TopicAuthorizationFailed:
                hand(new Delivery(default, 0, null, faults.Of(error, "Read", $"topic '{partition.Topic}'")));
                break;
            default:
                // The client itself connects again and goes on where it was.
                KafkaLog.ReadTrouble(logger, error.Reason);
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
            hand(new Delivery(partition, fetched.Epoch, new RecordBatch(partition, default, end, end), null));
        }
    }

    /// <summary>Hands over what is being built, if anything is.</summary>
    public void Deliver()
    {
        if (_builder.IsEmpty)
        {
            return;
        }

        var (partition, next) = (_building, _builder.NextOffset);
        var end = Librdkafka.GetWatermarkOffsets(client, partition.Topic, partition.Partition, out _, out var high) == 0 ? Math.Max(high, next) : next;
        var epoch = EpochOf(partition);
        _fetched[partition] = new Fetched(next, epoch);
        hand(new Delivery(partition, epoch, _builder.Build(partition, end), null));
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
