using System.Collections.Concurrent;
using System.Threading.Tasks.Sources;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Embedded.Topics;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>An append of one record or of several. Pooled: an append of one record allocates nothing.</summary>
internal sealed class AppendRequest : GroupedRequest, IValueTaskSource<RecordPosition>, IValueTaskSource<RecordPosition[]>
{
    private const int MaxPooled = 1024;
    private static readonly ConcurrentQueue<AppendRequest> Pool = new();

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;
    private TopicState? _topic;
    private LogRecord _record;
    private ReadOnlyMemory<LogRecord> _records;
    private RecordPosition _position;
    private RecordPosition[]? _positions;
    private EncodedRecords? _encoded;

    private AppendRequest()
    {
    }

    public ValueTask<RecordPosition> One => new(this, _source.Version);

    public ValueTask<RecordPosition[]> Many => new(this, _source.Version);

    public static AppendRequest Of(TopicState topic, in LogRecord record, CancellationToken cancellationToken)
    {
        topic.Check(record);
        var request = Rent(topic);
        request._record = record;
        request.Bytes = BatchBuilder.SizeOf(record.Key, record.Value, record.Headers);
        return request.Arm(cancellationToken);
    }

    public static AppendRequest Of(TopicState topic, ReadOnlyMemory<LogRecord> records, RecordEncoder encoder, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        foreach (ref readonly var record in records.Span)
        {
            topic.Check(record);
            bytes += BatchBuilder.SizeOf(record.Key, record.Value, record.Headers);
        }

        var request = Rent(topic);
        if (encoder.IsFor(bytes))
        {
            request._encoded = Encode(topic, records.Span, encoder.Begin());
        }
        else
        {
            request._records = records;
        }

        request._positions = new RecordPosition[records.Length];
        request.Bytes = bytes;
        return request.Arm(cancellationToken);
    }

    public override void Stage(CommitGroup group)
    {
        if (_positions is null)
        {
            _position = group.Add(_topic!.PartitionFor(_record), _record);
            return;
        }

        if (_encoded is { } encoded)
        {
            encoded.Locate(group, _positions);
            group.Add(encoded);
            return;
        }

        var records = _records.Span;
        for (var i = 0; i < records.Length; i++)
        {
            _positions[i] = group.Add(_topic!.PartitionFor(records[i]), records[i]);
        }
    }

    public override void Succeed() => _source.SetResult(true);

    public override void Fail(Exception exception)
    {
        _encoded?.Release();
        _source.SetException(exception);
    }

    private static EncodedRecords Encode(TopicState topic, ReadOnlySpan<LogRecord> records, EncodedRecords encoded)
    {
        foreach (ref readonly var record in records)
        {
            encoded.Add(topic, record);
        }

        return encoded.Seal();
    }

    private static AppendRequest Rent(TopicState topic)
    {
        var request = Pool.TryDequeue(out var pooled) ? pooled : new AppendRequest();
        request._topic = topic;
        return request;
    }

    private AppendRequest Arm(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static (request, token) => ((AppendRequest)request!).Cancel(token), this);
        return this;
    }

    private void Cancel(CancellationToken token)
    {
        if (TryCancel())
        {
            // It may stand in the queue for a while yet; the caller's memory must not.
            (_record, _records) = (default, default);
            _encoded?.Release();
            _source.SetException(new OperationCanceledException(token));
        }
    }

    private void Return()
    {
        _cancellation.Dispose();
        if (WasCancelled || Pool.Count >= MaxPooled)
        {
            // A cancelled one may still stand in the writer's queue.
            return;
        }

        (_topic, _record, _records, _positions, _encoded, _cancellation) = (null, default, default, null, null, default);
        _source.Reset();
        Rearm();
        Pool.Enqueue(this);
    }

    RecordPosition IValueTaskSource<RecordPosition>.GetResult(short token)
    {
        try
        {
            _source.GetResult(token);
            return _position;
        }
        finally
        {
            Return();
        }
    }

    RecordPosition[] IValueTaskSource<RecordPosition[]>.GetResult(short token)
    {
        try
        {
            _source.GetResult(token);
            return _positions!;
        }
        finally
        {
            Return();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<RecordPosition>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<RecordPosition[]>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<RecordPosition>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource<RecordPosition[]>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
