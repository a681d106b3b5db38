using System.Security.Cryptography;
using Marketplace.EventLog;
using Marketplace.EventLog.Copying;

namespace Marketplace.Mirror.Verification;

/// <summary>Every record counts, in its order.</summary>
internal sealed class SequenceComparison : IComparison
{
    private readonly IncrementalHash _source = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _target = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _sourceRecords;
    private long _targetRecords;
    private (string Words, long? Offset)? _difference;

    public void Both(in StoredRecord source, in StoredRecord target, RecordHeaders headers)
    {
        Source(source);
        Target(target, headers);
        if (_difference is null && Differing(source, target, headers) is { } part)
        {
            Differ($"The {part} of the record at {source.Offset} differs from its copy's at {target.Offset}.", source.Offset);
        }
    }

    public void OnlySource(in StoredRecord source)
    {
        Source(source);
        Differ($"The record at {source.Offset} is not in the target.", source.Offset);
    }

    public void OnlyTarget(in StoredRecord target, RecordHeaders headers, long offset)
    {
        Target(target, headers);
        Differ($"The target holds at {target.Offset} a copy of {offset} that is out of order, there twice, or not in the source.", offset);
    }

    public void Exclude(in StoredRecord source)
    {
    }

    public void Stranger(in StoredRecord target) => Differ($"The target holds at {target.Offset} a record that is no copy.", null);

    public PartitionVerification Report(TopicPartition partition, long upTo) => new(
        partition, upTo, new SideDigest(_sourceRecords, Hex(_source)), new SideDigest(_targetRecords, Hex(_target)), _difference?.Words, _difference?.Offset);

    public void Dispose()
    {
        _source.Dispose();
        _target.Dispose();
    }

    /// <summary>What differs first, or null.</summary>
    internal static string? Differing(in StoredRecord source, in StoredRecord target, RecordHeaders headers) =>
        source.Timestamp != target.Timestamp ? "timestamp"
        : !Same(source.Key, target.Key) ? "key"
        : !Same(source.Value, target.Value) ? "value"
        : !source.Headers.Encoded.Span.SequenceEqual(headers.Encoded.Span) ? "headers"
        : null;

    private static bool Same(ReadOnlyMemory<byte>? one, ReadOnlyMemory<byte>? other) =>
        one is null == other is null && one.GetValueOrDefault().Span.SequenceEqual(other.GetValueOrDefault().Span);

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    private void Source(in StoredRecord record)
    {
        RecordDigest.Append(_source, record, record.Headers);
        _sourceRecords++;
    }

    private void Target(in StoredRecord record, RecordHeaders headers)
    {
        RecordDigest.Append(_target, record, headers);
        _targetRecords++;
    }

    private void Differ(string words, long? offset) => _difference ??= (words, offset);
}
