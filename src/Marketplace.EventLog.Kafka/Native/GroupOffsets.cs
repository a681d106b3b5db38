using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>A group's committed positions with their words, which the managed client leaves out.</summary>
internal static unsafe class GroupOffsets
{
    /// <summary>Reads positions of a group. Blocks.</summary>
    /// <param name="partitions">Null: those that have one already. Else these, and the call fails while a transaction that moves one of them is open.</param>
    /// <exception cref="KafkaException">The group's coordinator refused or did not answer.</exception>
    public static Dictionary<TopicPartition, GroupPosition> Read(IClient consumer, string group, IReadOnlyCollection<TopicPartition>? partitions, TimeSpan timeout)
    {
        using var held = new HeldClient(consumer);
        var client = held.Pointer;
        while (Librdkafka.ConsumerPoll(client, 0) is var old && old != null)
        {
            // What the client reported of its connections since the last time.
            Librdkafka.MessageDestroy(old);
        }

        var list = ListOf(partitions);
        var (request, options, queue, answer) = (Librdkafka.ListConsumerGroupOffsetsNew(group, list), Librdkafka.AdminOptionsNew(client, Librdkafka.AdminListConsumerGroupOffsets), Librdkafka.QueueNew(client), (nint)0);
        try
        {
            Discard(Librdkafka.AdminOptionsSetRequireStableOffsets(options, 1));
            Librdkafka.AdminOptionsSetRequestTimeout(options, (int)timeout.TotalMilliseconds, null, 0);
            Librdkafka.ListConsumerGroupOffsets(client, &request, 1, options, queue);
            answer = Librdkafka.QueuePoll(queue, (int)timeout.TotalMilliseconds + 1000);
            if (answer == 0)
            {
                throw new KafkaException(new Error(Confluent.Kafka.ErrorCode.Local_TimedOut));
            }

            if (Librdkafka.EventError(answer) is not 0 and var code)
            {
                throw new KafkaException(new Error((ErrorCode)code, Marshal.PtrToStringUTF8((nint)Librdkafka.EventErrorString(answer))));
            }

            return Positions(Librdkafka.ListConsumerGroupOffsetsResultGroups(Librdkafka.EventListConsumerGroupOffsetsResult(answer), out _)[0]);
        }
        finally
        {
            if (answer != 0)
            {
                Librdkafka.EventDestroy(answer);
            }

            Librdkafka.QueueDestroy(queue);
            Librdkafka.AdminOptionsDestroy(options);
            Librdkafka.ListConsumerGroupOffsetsDestroy(request);
            if (list != null)
            {
                Librdkafka.ListDestroy(list);
            }
        }
    }

    /// <summary>Adds positions to the producer's open transaction. Blocks.</summary>
    /// <param name="membership">Of the member that owns the partitions, or from outside the group.</param>
    /// <returns>The error, or null.</returns>
    public static Error? Send(NativeProducer producer, Membership membership, IEnumerable<AtomicBatch.Input> positions, TimeSpan timeout)
    {
        // The caller may have given this call up, and disposed of what it holds, before it returns.
        var held = false;
        membership.DangerousAddRef(ref held);
        var list = Librdkafka.ListNew(1);
        try
        {
            foreach (var input in positions)
            {
                var entry = Librdkafka.ListAdd(list, input.Partition.Topic, input.Partition.Partition);
                entry->Offset = input.Position.Offset;
                if (input.Position.Metadata is { } word)
                {
                    // The list frees it.
                    entry->MetadataLength = (nuint)Encoding.UTF8.GetByteCount(word);
                    entry->Metadata = (byte*)NativeMemory.Alloc(entry->MetadataLength + 1);
                    Encoding.UTF8.GetBytes(word, new Span<byte>(entry->Metadata, (int)entry->MetadataLength));
                    entry->Metadata[entry->MetadataLength] = 0;
                }
            }

            return NativeError.Take(Librdkafka.SendOffsetsToTransaction(producer.DangerousGetHandle(), list, membership.DangerousGetHandle(), (int)timeout.TotalMilliseconds));
        }
        finally
        {
            Librdkafka.ListDestroy(list);
            membership.DangerousRelease();
        }
    }

    private static Librdkafka.TopicPartitionList* ListOf(IReadOnlyCollection<TopicPartition>? partitions)
    {
        if (partitions is null)
        {
            return null;
        }

        var list = Librdkafka.ListNew(partitions.Count);
        foreach (var partition in partitions)
        {
            Librdkafka.ListAdd(list, partition.Topic, partition.Partition);
        }

        return list;
    }

    private static Dictionary<TopicPartition, GroupPosition> Positions(nint group)
    {
        if (Librdkafka.GroupResultError(group) is not 0 and var error)
        {
            throw new KafkaException(new Error((ErrorCode)Librdkafka.ErrorCode(error), Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorString(error))));
        }

        var partitions = Librdkafka.GroupResultPartitions(group);
        var positions = new Dictionary<TopicPartition, GroupPosition>();
        for (var i = 0; i < partitions->Count; i++)
        {
            ref var entry = ref partitions->Elements[i];
            if (entry.Error != 0)
            {
                throw new KafkaException(new Error((ErrorCode)entry.Error));
            }

            if (entry.Offset >= 0)
            {
                var word = entry.MetadataLength > 0 ? Encoding.UTF8.GetString(entry.Metadata, (int)entry.MetadataLength) : null;
                positions[new TopicPartition(Marshal.PtrToStringUTF8((nint)entry.Topic)!, entry.Partition)] = new GroupPosition(entry.Offset, word);
            }
        }

        return positions;
    }

    private static void Discard(nint error) => NativeError.Take(error);
}
