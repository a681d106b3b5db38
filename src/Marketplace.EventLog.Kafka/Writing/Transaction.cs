using System.Diagnostics;
using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Native;
using Marketplace.EventLog.Kafka.Topics;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>The records of one open transaction.</summary>
/// <param name="number">Tells this transaction's reports from those that come late for an earlier one.</param>
internal sealed class Transaction(int number, NativeProducer producer, AtomicBatch batch, IReadOnlyDictionary<string, KnownTopic> topics, TimeSpan timeout) : IReportSink
{
    private static readonly TimeSpan QueuePoll = TimeSpan.FromMilliseconds(1);

    private readonly RecordPosition[] _positions = new RecordPosition[batch.Outputs.Count];
    private readonly object _gate = new();
    private int _written;

    /// <summary>Of those that were written; raised by the reporting thread once for all that came together.</summary>
    private int _reported;
    private int _reportedNow;
    private TransactionException? _failure;

    /// <summary>Why the first record that failed did, or null.</summary>
    public TransactionException? Failure => Volatile.Read(ref _failure);

    /// <summary>Hands all records over. Positions are right once <see cref="WaitForReports"/> has returned.</summary>
    public RecordPosition[] Write()
    {
        producer.ReportTo(this);
        var outputs = batch.Outputs;
        var (name, topic, handle) = ((string?)null, (KnownTopic?)null, (nint)0);
        for (var index = 0; index < outputs.Count; index++)
        {
            var output = outputs[index];
            var record = output.Record;
            if (!ReferenceEquals(output.Topic, name))
            {
                (name, topic, handle) = (output.Topic, topics[output.Topic], producer.Topic(output.Topic));
            }

            if (output.Make is { } make)
            {
                // Within an open transaction positions are final as soon as they are reported.
                WaitForReports();
                record = make(new ArraySegment<RecordPosition>(_positions, 0, index));
                topic!.Check(record);
            }

            Produce(topic!, handle, record, index);
        }

        return _positions;
    }

    /// <exception cref="TransactionException">A record was not written.</exception>
    public void WaitForReports()
    {
        lock (_gate)
        {
            while (_reported < _written)
            {
                if (!Monitor.Wait(_gate, timeout + timeout))
                {
                    throw new TransactionException(new Error(ErrorCode.Local_TimedOut), "the transaction's records");
                }
            }
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Waits a while for what was handed over; false when something failed or its fate is still unknown.</summary>
    public bool IsWritten(TimeSpan timeout)
    {
        lock (_gate)
        {
            for (var (started, left) = (Stopwatch.GetTimestamp(), timeout); _reported < _written && left > TimeSpan.Zero; left = timeout - Stopwatch.GetElapsedTime(started))
            {
                Monitor.Wait(_gate, left);
            }

            return _reported >= _written && _failure is null;
        }
    }

    void IReportSink.Reported(long tag, ErrorCode error, int partition, long offset)
    {
        if ((int)(tag >> 32) != number)
        {
            return;
        }

        var index = (int)tag;
        if (error == ErrorCode.NoError)
        {
            _positions[index] = new RecordPosition(partition, offset);
        }
        else
        {
            // What is purged after the first failure says nothing new.
            var output = batch.Outputs[index];
            _failure ??= Failed(topics[output.Topic], new Error(error), output.Record.Size);
        }

        _reportedNow++;
    }

    void IReportSink.ReportsEnd()
    {
        lock (_gate)
        {
            _reported += _reportedNow;
            Monitor.PulseAll(_gate);
        }

        _reportedNow = 0;
    }

    private void Produce(KnownTopic topic, nint handle, in LogRecord record, int index)
    {
        while (true)
        {
            switch (producer.Produce(handle, topic.PartitionOf(record), record, ((long)number << 32) | (uint)index))
            {
                case ErrorCode.NoError:
                    _written++;
                    return;
                case ErrorCode.Local_QueueFull:
                    lock (_gate)
                    {
                        Monitor.Wait(_gate, QueuePoll);
                    }

                    break;
                case var refused:
                    throw Failure ?? Failed(topic, new Error(refused), record.Size);
            }
        }
    }

    private static TransactionException Failed(KnownTopic topic, Error error, long size) =>
        new(error, $"topic '{topic.Name}'", Clients.KafkaFaults.IsTooLarge(error) ? topic.TooLarge(size) : null);
}
