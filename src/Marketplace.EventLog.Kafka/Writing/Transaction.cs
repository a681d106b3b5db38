using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Topics;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>The records of one open transaction.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The event's wait handle is never used, so there is nothing to let go of.")]
internal sealed class Transaction(IProducer<byte[]?, byte[]?> producer, AtomicBatch batch, IReadOnlyDictionary<string, KnownTopic> topics, TimeSpan timeout)
{
    private static readonly TimeSpan QueuePoll = TimeSpan.FromMilliseconds(1);

    private readonly RecordPosition[] _positions = new RecordPosition[batch.Outputs.Count];
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _allReported = new(true);
    private int _open;
    private TransactionException? _failure;

    /// <summary>Why the first record that failed did, or null.</summary>
    public TransactionException? Failure => Volatile.Read(ref _failure);

    /// <summary>Hands all records over. Positions are right once <see cref="WaitForReports"/> has returned.</summary>
    public RecordPosition[] Write()
    {
        var outputs = batch.Outputs;
        for (var index = 0; index < outputs.Count; index++)
        {
            var output = outputs[index];
            var record = output.Record;
            if (output.Make is { } make)
            {
                // Within an open transaction positions are final as soon as they are reported.
                WaitForReports();
                record = make(new ArraySegment<RecordPosition>(_positions, 0, index));
                topics[output.Topic].Check(record);
            }

            Produce(topics[output.Topic], record, index);
        }

        return _positions;
    }

    /// <exception cref="TransactionException">A record was not written.</exception>
    public void WaitForReports()
    {
        if (!_allReported.Wait(timeout + timeout))
        {
            throw new TransactionException(new Error(ErrorCode.Local_TimedOut), "the transaction's records");
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    private void Produce(KnownTopic topic, in LogRecord record, int index)
    {
        var message = KafkaMessage.Of(record);
        lock (_gate)
        {
            if (_open++ == 0)
            {
                _allReported.Reset();
            }
        }

        while (true)
        {
            try
            {
                producer.Produce(topic.Target(record), message, report => Report(topic, index, report));
                return;
            }
            catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
            {
                _allReported.Wait(QueuePoll);
            }
            catch (ProduceException<byte[]?, byte[]?> e)
            {
                Close();
                throw Failure ?? Failed(topic, e.Error, KafkaMessage.SizeOf(record));
            }
        }
    }

    private void Report(KnownTopic topic, int index, DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            // What is purged after the first failure says nothing new.
            Interlocked.CompareExchange(ref _failure, Failed(topic, report.Error, (report.Message.Key?.Length ?? 0) + (report.Message.Value?.Length ?? 0)), null);
        }
        else
        {
            _positions[index] = new RecordPosition(report.Partition.Value, report.Offset.Value);
        }

        Close();
    }

    private void Close()
    {
        lock (_gate)
        {
            if (--_open == 0)
            {
                _allReported.Set();
            }
        }
    }

    private static TransactionException Failed(KnownTopic topic, Error error, long size) =>
        new(error, $"topic '{topic.Name}'", Clients.KafkaFaults.IsTooLarge(error) ? topic.TooLarge(size) : null);
}
