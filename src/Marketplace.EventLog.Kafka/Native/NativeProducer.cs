using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>What becomes of the records that a <see cref="NativeProducer"/> was given. Called by its thread.</summary>
internal interface IReportSink
{
    /// <summary>One record is written, or failed.</summary>
    /// <param name="tag">What it was given with.</param>
    void Reported(long tag, ErrorCode error, int partition, long offset);

    /// <summary>That were all that came together.</summary>
    void ReportsEnd();
}

/// <summary>
/// A transactional producer without an object for any record: bytes go from the caller's memory into librdkafka's, and reports
/// come many at a time. Transactions throw what Confluent.Kafka's throw. Blocks; one caller at a time.
/// </summary>
internal sealed unsafe class NativeProducer : SafeHandle
{
    private const int ErrorSize = 512;
    private const int PollMilliseconds = 100;
    private const int Arguments = 8;

    /// <summary>A value that is empty and not null has an address.</summary>
    private static readonly byte* Somewhere = (byte*)NativeMemory.AllocZeroed(1);

    private readonly Action<Error> _failed;
    private readonly Action<LogMessage> _log;
    private readonly GCHandle _self;
    private readonly Dictionary<string, nint> _topics = new(StringComparer.Ordinal);
    private readonly Thread _reports;
    private readonly nint _queue;
    private volatile IReportSink? _sink;
    private volatile bool _closing;

    /// <param name="config">librdkafka's properties.</param>
    /// <param name="failed">Told of errors that belong to no call.</param>
    /// <exception cref="ArgumentException">A property is wrong.</exception>
    public NativeProducer(IReadOnlyDictionary<string, string> config, Action<Error> failed, Action<LogMessage> log)
        : base(0, ownsHandle: true)
    {
        (_failed, _log) = (failed, log);
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        try
        {
            SetHandle(Open(config));
        }
        catch
        {
            _self.Free();
            throw;
        }

        _queue = Librdkafka.QueueGetMain(handle);
        _reports = new Thread(Serve) { IsBackground = true, Name = "reports" };
        _reports.Start();
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Why the producer can do nothing any more, or null.</summary>
    public Error? Fatal
    {
        get
        {
            var text = stackalloc byte[ErrorSize];
            return Librdkafka.FatalError(handle, text, ErrorSize) is not 0 and var code ? new Error((ErrorCode)code, Text(text), isFatal: true) : null;
        }
    }

    /// <summary>Hears of every record from now on.</summary>
    public void ReportTo(IReportSink sink) => _sink = sink;

    /// <summary>A topic's handle, for <see cref="Produce"/>.</summary>
    public nint Topic(string name)
    {
        if (!_topics.TryGetValue(name, out var topic))
        {
            topic = Librdkafka.TopicNew(handle, name, 0);
            _topics.Add(name, topic);
        }

        return topic;
    }

    /// <summary>Hands one record over; what becomes of it is reported.</summary>
    /// <param name="partition">-1: anywhere.</param>
    /// <returns>NoError, or why it was not taken; Local_QueueFull is over after a while.</returns>
    public ErrorCode Produce(nint topic, int partition, in LogRecord record, long tag)
    {
        var arguments = stackalloc Librdkafka.Argument[Arguments];
        var key = record.Key.GetValueOrDefault().Span;
        var value = record.Value.GetValueOrDefault().Span;
        fixed (byte* keyStart = key, valueStart = value)
        {
            arguments[0] = new() { Type = Librdkafka.ArgumentType.Topic, Pointer = topic };
            arguments[1] = new() { Type = Librdkafka.ArgumentType.Partition, Number = partition };
            arguments[2] = new() { Type = Librdkafka.ArgumentType.Flags, Number = Librdkafka.CopyPayload };
            arguments[3] = new() { Type = Librdkafka.ArgumentType.Key, Pointer = Address(keyStart, record.Key is not null), Size = (nuint)key.Length };
            arguments[4] = new() { Type = Librdkafka.ArgumentType.Value, Pointer = Address(valueStart, record.Value is not null), Size = (nuint)value.Length };
            arguments[5] = new() { Type = Librdkafka.ArgumentType.Opaque, Pointer = (nint)tag };
            arguments[6] = new() { Type = Librdkafka.ArgumentType.Timestamp, LongNumber = record.Timestamp ?? 0 };
            var headers = record.Headers.IsEmpty ? 0 : Headers(record.Headers);
            arguments[7] = new() { Type = Librdkafka.ArgumentType.Headers, Pointer = headers };
            var error = Librdkafka.Produce(handle, arguments, headers == 0 ? Arguments - 1u : Arguments);
            if (error != 0 && headers != 0)
            {
                Librdkafka.HeadersDestroy(headers);
            }

            return NativeError.Take(error)?.Code ?? ErrorCode.NoError;
        }
    }

    public void InitTransactions(TimeSpan timeout) => NativeError.Check(Librdkafka.InitTransactions(handle, Milliseconds(timeout)));

    public void BeginTransaction() => NativeError.Check(Librdkafka.BeginTransaction(handle));

    public void CommitTransaction(TimeSpan timeout) => NativeError.Check(Librdkafka.CommitTransaction(handle, Milliseconds(timeout)));

    public void AbortTransaction(TimeSpan timeout) => NativeError.Check(Librdkafka.AbortTransaction(handle, Milliseconds(timeout)));

    protected override bool ReleaseHandle()
    {
        _closing = true;
        Librdkafka.QueueYield(_queue);
        _reports.Join();
        Librdkafka.QueueDestroy(_queue);
        foreach (var topic in _topics.Values)
        {
            Librdkafka.TopicDestroy(topic);
        }

        Librdkafka.Destroy(handle);
        _self.Free();
        return true;
    }

    private static int Milliseconds(TimeSpan span) => (int)span.TotalMilliseconds;

    private static nint Address(byte* start, bool isThere) => (nint)(!isThere ? null : start == null ? Somewhere : start);

    private static nint Headers(RecordHeaders headers)
    {
        var native = Librdkafka.HeadersNew(4);
        foreach (var header in headers)
        {
            fixed (byte* name = header.Key.Span, value = header.Value.GetValueOrDefault().Span)
            {
                _ = Librdkafka.HeaderAdd(native, name == null ? Somewhere : name, header.Key.Length, (byte*)Address(value, header.Value is not null), header.Value.GetValueOrDefault().Length);
            }
        }

        return native;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Log(nint client, int level, byte* facility, byte* text)
    {
        if (GCHandle.FromIntPtr(Librdkafka.Opaque(client)).Target is NativeProducer producer)
        {
            producer._log(new LogMessage(Text(Librdkafka.NameOf(client)), (SyslogLevel)level, Text(facility), Text(text)));
        }
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private nint Open(IReadOnlyDictionary<string, string> properties)
    {
        var error = stackalloc byte[ErrorSize];
        var config = Librdkafka.ConfigNew();
        foreach (var (name, value) in properties)
        {
            if (Librdkafka.ConfigSet(config, name, value, error, ErrorSize) != Librdkafka.ConfigOk)
            {
                Librdkafka.ConfigDestroy(config);
                throw new ArgumentException(Text(error));
            }
        }

        Librdkafka.ConfigSetEvents(config, Librdkafka.EventDeliveryReports | Librdkafka.EventErrors);
        Librdkafka.ConfigSetLog(config, &Log);
        Librdkafka.ConfigSetOpaque(config, GCHandle.ToIntPtr(_self));
        var client = Librdkafka.New(Librdkafka.ProducerType, config, error, ErrorSize);
        if (client == 0)
        {
            Librdkafka.ConfigDestroy(config);
            throw new ArgumentException(Text(error));
        }

        return client;
    }

    private void Serve()
    {
        while (!_closing)
        {
            var @event = Librdkafka.QueuePoll(_queue, PollMilliseconds);
            if (@event == 0)
            {
                continue;
            }

            var isReports = Librdkafka.EventType(@event) == Librdkafka.EventDeliveryReports;
            if (isReports)
            {
                while (Librdkafka.EventNextMessage(@event) is var message && message != null)
                {
                    _sink?.Reported(message->Private, (ErrorCode)message->Error, message->Partition, message->Offset);
                }
            }
            else
            {
                _failed(new Error((ErrorCode)Librdkafka.EventError(@event), Text(Librdkafka.EventErrorString(@event))));
            }

            // Before those who wait are told: the client waits for reports to be seen.
            Librdkafka.EventDestroy(@event);
            if (isReports)
            {
                _sink?.ReportsEnd();
            }
        }
    }
}
