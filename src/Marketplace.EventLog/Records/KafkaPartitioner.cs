using System.Buffers.Binary;

namespace Marketplace.EventLog;

/// <summary>
/// Kafka's default partitioner for keyed records: murmur2 (seed 0x9747b28c), made positive, modulo the partition count.
/// Source: Apache Kafka, org.apache.kafka.common.utils.Utils.murmur2 and BuiltInPartitioner.partitionForKey.
/// </summary>
public static class KafkaPartitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint M = 0x5bd1e995;
    private const int R = 24;

    public static int PartitionFor(ReadOnlySpan<byte> key, int partitions) => (int)(Murmur2(key) & 0x7fffffff) % partitions;

    public static uint Murmur2(ReadOnlySpan<byte> data)
    {
        var h = Seed ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            var k = BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            h = (h * M) ^ ((k ^ (k >> R)) * M);
            data = data[4..];
        }

        if (data.Length > 2)
        {
            h ^= (uint)data[2] << 16;
        }

        if (data.Length > 1)
        {
            h ^= (uint)data[1] << 8;
        }

        if (data.Length > 0)
        {
            h = (h ^ data[0]) * M;
        }

        h = (h ^ (h >> 13)) * M;
        return h ^ (h >> 15);
    }
}
