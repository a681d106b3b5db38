using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Marketplace.EventLog.Copying;

/// <summary>What a partition holds, in order: each record's timestamp, key, value and headers, with their lengths; not the offsets.</summary>
public sealed record PartitionDigest(TopicPartition Partition, long Records, string Sha256)
{
    private static readonly ReaderOptions Reading = new() { ResetToBegin = true };

    public static async Task<PartitionDigest> OfAsync(IEventLog log, TopicPartition partition, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var records = 0L;
        var range = await log.GetRangeAsync(partition, cancellationToken).ConfigureAwait(false);
        if (range.Begin < range.End)
        {
            await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = range.Begin }, Reading, cancellationToken).ConfigureAwait(false);
            for (var position = range.Begin; position < range.End;)
            {
                using var batch = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody wakes this reader.");
                Append(hash, batch);
                records += batch.Count;
                position = batch.NextOffset;
            }
        }

        return new PartitionDigest(partition, records, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Append(IncrementalHash hash, RecordBatch batch)
    {
        Span<byte> timestamp = stackalloc byte[sizeof(long)];
        foreach (ref readonly var record in batch.Records)
        {
            BinaryPrimitives.WriteInt64LittleEndian(timestamp, record.Timestamp);
            hash.AppendData(timestamp);
            Append(hash, record.Key);
            Append(hash, record.Value);
            Append(hash, record.Headers.Encoded);
        }
    }

    private static void Append(IncrementalHash hash, ReadOnlyMemory<byte>? part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(part.GetValueOrDefault().Span);
    }
}
