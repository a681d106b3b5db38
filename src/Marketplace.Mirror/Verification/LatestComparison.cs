using System.Buffers.Binary;
using System.Security.Cryptography;
using Marketplace.EventLog;
using Marketplace.EventLog.Copying;

namespace Marketplace.Mirror.Verification;

/// <summary>
/// The latest record of each key counts, and no tombstone: the others may be gone on either side at any moment. About 150 bytes a
/// key of the partition are held in memory.
/// </summary>
/// <param name="upTo">A key that the source goes on with here or later does not count: its record before that may be gone.</param>
internal sealed class LatestComparison(long upTo) : IComparison
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<UInt128, Entry> _source = [];
    private readonly Dictionary<UInt128, Entry> _target = [];
    private readonly HashSet<UInt128> _excluded = [];
    private string? _stranger;

    public void Both(in StoredRecord source, in StoredRecord target, RecordHeaders headers)
    {
        OnlySource(source);
        OnlyTarget(target, headers, source.Offset);
    }

    public void OnlySource(in StoredRecord source)
    {
        if (source.Offset >= upTo)
        {
            Exclude(source);
        }
        else
        {
            Put(_source, source, source.Headers, source.Offset);
        }
    }

    public void OnlyTarget(in StoredRecord target, RecordHeaders headers, long offset) => Put(_target, target, headers, offset);

    public void Exclude(in StoredRecord source) => _excluded.Add(KeyHash.Of(source.Key.GetValueOrDefault().Span));

    public void Stranger(in StoredRecord target) => _stranger ??= $"The target holds at {target.Offset} a record that is no copy.";

    public PartitionVerification Report(TopicPartition partition, long upToOffset)
    {
        foreach (var key in _excluded)
        {
            _source.Remove(key);
            _target.Remove(key);
        }

        var difference = First();
        return new PartitionVerification(
            partition, upToOffset, Digest(_source), Digest(_target), difference is { } first ? first.Words : _stranger, difference?.Offset);
    }

    public void Dispose() => _hash.Dispose();

    private (string Words, long Offset)? First()
    {
        (string, long Offset)? first = null;
        foreach (var (key, entry) in _source)
        {
            if (!_target.TryGetValue(key, out var copy))
            {
                Take($"The record at {entry.Offset}, the latest of its key, is not in the target.", entry.Offset);
            }
            else if (copy.Digest != entry.Digest)
            {
                Take($"The latest record of the key at {entry.Offset} differs from its copy, which is of {copy.Offset}.", entry.Offset);
            }
        }

        foreach (var (key, copy) in _target)
        {
            if (!_source.ContainsKey(key))
            {
                Take($"The target holds a key, copied from {copy.Offset}, that the source does not have.", copy.Offset);
            }
        }

        return first;

        void Take(string words, long offset)
        {
            if (first is null || offset < first.Value.Offset)
            {
                first = (words, offset);
            }
        }
    }

    private void Put(Dictionary<UInt128, Entry> entries, in StoredRecord record, RecordHeaders headers, long offset)
    {
        var key = KeyHash.Of(record.Key.GetValueOrDefault().Span);
        if (record.Value is null)
        {
            entries.Remove(key);
            return;
        }

        RecordDigest.Append(_hash, record, headers);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        entries[key] = new Entry(offset, BinaryPrimitives.ReadUInt128LittleEndian(digest));
    }

    /// <summary>In no order: records are combined by exclusive or.</summary>
    private static SideDigest Digest(Dictionary<UInt128, Entry> entries)
    {
        var all = UInt128.Zero;
        foreach (var entry in entries.Values)
        {
            all ^= entry.Digest;
        }

        return new SideDigest(entries.Count, all.ToString("x32", System.Globalization.CultureInfo.InvariantCulture));
    }

    private readonly record struct Entry(long Offset, UInt128 Digest);
}
