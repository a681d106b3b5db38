using System.Runtime.InteropServices;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>The part of librdkafka that writes. Names and meaning: librdkafka's rdkafka.h.</summary>
internal static unsafe partial class Librdkafka
{
    public const int ProducerType = 0;
    public const int ConfigOk = 0;
    public const int EventDeliveryReports = 1;
    public const int EventErrors = 8;
    public const int CopyPayload = 2;

    /// <summary>One argument of <see cref="Produce"/>: what it is, and its value at the start of a union of 64 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    public struct Argument
    {
        [FieldOffset(0)]
        public ArgumentType Type;

        [FieldOffset(8)]
        public int Number;

        [FieldOffset(8)]
        public long LongNumber;

        [FieldOffset(8)]
        public nint Pointer;

        [FieldOffset(16)]
        public nuint Size;
    }

    public enum ArgumentType
    {
        Topic = 2,
        Partition = 3,
        Value = 4,
        Key = 5,
        Opaque = 6,
        Flags = 7,
        Timestamp = 8,
        Headers = 10,
    }

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint ConfigNew();

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ConfigSet(nint config, string name, string value, byte* error, nuint errorSize);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_conf_set_events")]
    public static partial void ConfigSetEvents(nint config, int events);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_conf_set_log_cb")]
    public static partial void ConfigSetLog(nint config, delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, void> log);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_conf_set_opaque")]
    public static partial void ConfigSetOpaque(nint config, nint opaque);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_conf_destroy")]
    public static partial void ConfigDestroy(nint config);

    /// <summary>Takes the configuration over unless it fails.</summary>
    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_new")]
    public static partial nint New(int type, nint config, byte* error, nuint errorSize);

    /// <summary>Blocks until the client's threads have ended.</summary>
    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_destroy")]
    public static partial void Destroy(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_opaque")]
    [SuppressGCTransition]
    public static partial nint Opaque(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_name")]
    [SuppressGCTransition]
    public static partial byte* NameOf(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_queue_get_main")]
    public static partial nint QueueGetMain(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_topic_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TopicNew(nint client, string name, nint config);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_topic_destroy")]
    public static partial void TopicDestroy(nint topic);

    /// <summary>Returns an error to be destroyed, or 0. Takes the headers over unless it fails.</summary>
    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_produceva")]
    public static partial nint Produce(nint client, Argument* arguments, nuint count);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_headers_new")]
    public static partial nint HeadersNew(nuint count);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_header_add")]
    public static partial int HeaderAdd(nint headers, byte* name, nint nameLength, byte* value, nint valueLength);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_headers_destroy")]
    public static partial void HeadersDestroy(nint headers);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_event_type")]
    [SuppressGCTransition]
    public static partial int EventType(nint @event);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_event_message_next")]
    [SuppressGCTransition]
    public static partial Message* EventNextMessage(nint @event);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_init_transactions")]
    public static partial nint InitTransactions(nint client, int timeoutMilliseconds);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_begin_transaction")]
    public static partial nint BeginTransaction(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_commit_transaction")]
    public static partial nint CommitTransaction(nint client, int timeoutMilliseconds);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_abort_transaction")]
    public static partial nint AbortTransaction(nint client, int timeoutMilliseconds);

    /// <summary>Why the client can do nothing any more, or 0.</summary>
    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_fatal_error")]
    public static partial int FatalError(nint client, byte* error, nuint errorSize);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_error_txn_requires_abort")]
    public static partial int ErrorRequiresAbort(nint error);
}
