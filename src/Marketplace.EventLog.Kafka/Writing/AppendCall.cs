using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Topics;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>The records of one append, from being handed to the client to the last report of delivery.</summary>
internal sealed class AppendCall(KnownTopic topic, ReadOnlyMemory<LogRecord> records)
{
    private readonly TaskCompletionSource<RecordPosition[]> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RecordPosition[] _positions = new RecordPosition[records.Length];
    private Error? _error;
    private long _failedSize;
    private int _left = records.Length;

    public Task<RecordPosition[]> Delivered => _done.Task;

    /// <summary>The first error of the call's records, or null.</summary>
    public Error? Error => _error;

    public Action<DeliveryReport<byte[]?, byte[]?>> ReportOf(int index) => report => Report(index, report);

    /// <summary>These records were never handed over.</summary>
    public void Skip(int count, Error error)
    {
        Interlocked.CompareExchange(ref _error, error, null);
        Finish(count);
    }

    /// <summary>The broker's limit is smaller than what was known of it.</summary>
    public RecordTooLargeException TooLarge() => topic.TooLarge(_failedSize);

    private void Report(int index, DeliveryReport<byte[]?, byte[]?> report)
    {
        if (report.Error.IsError)
        {
            if (Interlocked.CompareExchange(ref _error, report.Error, null) is null)
            {
                _failedSize = records.Span[index].Size;
            }
        }
        else
        {
            _positions[index] = new RecordPosition(report.Partition.Value, report.Offset.Value);
        }

        Finish(1);
    }

    private void Finish(int count)
    {
        if (Interlocked.Add(ref _left, -count) == 0)
        {
            _done.TrySetResult(_positions);
        }
    }
}
