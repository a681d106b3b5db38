using System.Runtime.InteropServices;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>
/// The calls of librdkafka that Confluent.Kafka does not offer, or only with objects for every record.
/// Names and meaning: librdkafka's rdkafka.h.
/// </summary>
internal static unsafe partial class Librdkafka
{
    public const int PurgeQueue = 1;
    public const int PurgeInflight = 2;
    public const int AdminListConsumerGroupOffsets = 14;

    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public int Error;
        public nint Topic;
        public int Partition;
        public byte* Payload;
        public nuint Length;
        public byte* Key;
        public nuint KeyLength;
        public long Offset;
        public nint Private;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TopicPartition
    {
        public byte* Topic;
        public int Partition;
        public long Offset;
        public byte* Metadata;
        public nuint MetadataLength;
        public nint Opaque;
        public int Error;
        public nint Private;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TopicPartitionList
    {
        public int Count;
        public int Size;
        public TopicPartition* Elements;
    }

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_consumer_poll")]
    public static partial Message* ConsumerPoll(nint client, int timeoutMilliseconds);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_message_destroy")]
    [SuppressGCTransition]
    public static partial void MessageDestroy(Message* message);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_message_timestamp")]
    [SuppressGCTransition]
    public static partial long MessageTimestamp(Message* message, out int type);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_message_headers")]
    [SuppressGCTransition]
    public static partial int MessageHeaders(Message* message, out nint headers);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_header_get_all")]
    [SuppressGCTransition]
    public static partial int HeaderGetAll(nint headers, nuint index, out byte* name, out byte* value, out nuint length);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_topic_name")]
    [SuppressGCTransition]
    public static partial byte* TopicName(nint topic);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_get_watermark_offsets", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int GetWatermarkOffsets(nint client, string topic, int partition, out long low, out long high);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_queue_get_consumer")]
    public static partial nint QueueGetConsumer(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_queue_yield")]
    public static partial void QueueYield(nint queue);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_queue_new")]
    public static partial nint QueueNew(nint client);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_queue_poll")]
    public static partial nint QueuePoll(nint queue, int timeoutMilliseconds);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_queue_destroy")]
    public static partial void QueueDestroy(nint queue);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_purge")]
    public static partial int Purge(nint client, int flags);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_topic_partition_list_new")]
    public static partial TopicPartitionList* ListNew(int size);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_topic_partition_list_add", StringMarshalling = StringMarshalling.Utf8)]
    public static partial TopicPartition* ListAdd(TopicPartitionList* list, string topic, int partition);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_topic_partition_list_destroy")]
    public static partial void ListDestroy(TopicPartitionList* list);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_consumer_group_metadata")]
    public static partial nint GroupMetadata(nint consumer);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_consumer_group_metadata_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GroupMetadataNew(string group);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_consumer_group_metadata_generation_id")]
    public static partial int GroupMetadataGeneration(nint metadata);

    /// <summary>UTF-8; lives as long as the metadata.</summary>
    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_consumer_group_metadata_member_id")]
    public static partial byte* GroupMetadataMember(nint metadata);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_consumer_group_metadata_destroy")]
    public static partial void GroupMetadataDestroy(nint metadata);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_send_offsets_to_transaction")]
    public static partial nint SendOffsetsToTransaction(nint producer, TopicPartitionList* offsets, nint group, int timeoutMilliseconds);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_error_code")]
    public static partial int ErrorCode(nint error);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_error_string")]
    public static partial byte* ErrorString(nint error);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_error_is_fatal")]
    public static partial int ErrorIsFatal(nint error);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_error_is_retriable")]
    public static partial int ErrorIsRetriable(nint error);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_error_destroy")]
    public static partial void ErrorDestroy(nint error);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_AdminOptions_new")]
    public static partial nint AdminOptionsNew(nint client, int operation);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_AdminOptions_destroy")]
    public static partial void AdminOptionsDestroy(nint options);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_AdminOptions_set_require_stable_offsets")]
    public static partial nint AdminOptionsSetRequireStableOffsets(nint options, int isRequired);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_AdminOptions_set_request_timeout")]
    public static partial int AdminOptionsSetRequestTimeout(nint options, int timeoutMilliseconds, byte* error, nuint errorSize);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_ListConsumerGroupOffsets_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ListConsumerGroupOffsetsNew(string group, TopicPartitionList* partitions);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_ListConsumerGroupOffsets_destroy")]
    public static partial void ListConsumerGroupOffsetsDestroy(nint request);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_ListConsumerGroupOffsets")]
    public static partial void ListConsumerGroupOffsets(nint client, nint* requests, nuint count, nint options, nint queue);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_event_ListConsumerGroupOffsets_result")]
    public static partial nint EventListConsumerGroupOffsetsResult(nint @event);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_ListConsumerGroupOffsets_result_groups")]
    public static partial nint* ListConsumerGroupOffsetsResultGroups(nint result, out nuint count);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_group_result_error")]
    public static partial nint GroupResultError(nint group);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_group_result_partitions")]
    public static partial TopicPartitionList* GroupResultPartitions(nint group);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_event_error")]
    public static partial int EventError(nint @event);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_event_error_string")]
    public static partial byte* EventErrorString(nint @event);

    [LibraryImport(LibrdkafkaLibrary.Name, EntryPoint = "rd_kafka_event_destroy")]
    public static partial void EventDestroy(nint @event);
}
