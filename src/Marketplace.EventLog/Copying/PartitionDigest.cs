using System.Security.Cryptography;

namespace Marketplace.EventLog.Copying;

/// <summary>
/// What a partition holds, by each record's timestamp, key, value and headers with their lengths; offsets do not count.
/// Of a compacted topic the latest record of each key counts, and not its tombstones: the others may be gone at any moment.
/// </summary>
/// <param name="Records">How many records count.</param>
public sealed record PartitionDigest(TopicPartition Partition, long Records, string Sha256)
{
    private static readonly ReaderOptions Reading = new() { ResetToBegin = true };

    public static async Task<PartitionDigest> OfAsync(IEventLog log, TopicPartition partition, bool isCompacted, CancellationToken cancellationToken)
    {
        var content = isCompacted ? (IContent)new Latest() : new Sequence();
        using (content)
        {
            var range = await log.GetRangeAsync(partition, cancellationToken).ConfigureAwait(false);
            if (range.Begin < range.End)
            {
                await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = range.Begin }, Reading, cancellationToken).ConfigureAwait(false);
                for (var position = range.Begin; position < range.End;)
                {
                    using var batch = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody wakes this reader.");
                    foreach (ref readonly var record in batch.Records)
                    {
                        content.Add(record);
                    }

                    position = batch.NextOffset;
                }
            }

            return new PartitionDigest(partition, content.Records, Convert.ToHexStringLower(content.Digest()));
        }
    }

    private interface IContent : IDisposable
    {
        long Records { get; }

        void Add(in StoredRecord record);

        byte[] Digest();
    }

    /// <summary>All records in their order.</summary>
    private sealed class Sequence : IContent
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Records { get; private set; }

        public void Add(in StoredRecord record)
        {
            RecordDigest.Append(_hash, record, record.Headers);
            Records++;
        }

        public byte[] Digest() => _hash.GetHashAndReset();

        public void Dispose() => _hash.Dispose();
    }

    /// <summary>The latest record of each key, in no order.</summary>
    private sealed class Latest : IContent
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly Dictionary<UInt128, byte[]> _records = [];

        public long Records => _records.Count;

        public void Add(in StoredRecord record)
        {
            var key = KeyHash.Of(record.Key.GetValueOrDefault().Span);
            if (record.Value is null)
            {
                _records.Remove(key);
                return;
            }

            RecordDigest.Append(_hash, record, record.Headers);
            _records[key] = _hash.GetHashAndReset();
        }

        public byte[] Digest()
        {
            var all = new byte[SHA256.HashSizeInBytes];
            foreach (var record in _records.Values)
            {
                for (var i = 0; i < all.Length; i++)
                {
                    all[i] ^= record[i];
                }
            }

            return all;
        }

        public void Dispose() => _hash.Dispose();
    }
}
