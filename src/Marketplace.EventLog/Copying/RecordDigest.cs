using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Marketplace.EventLog.Copying;

/// <summary>What of a record counts when two logs are compared: timestamp, key, value and headers, each with its length; not the offset.</summary>
public static class RecordDigest
{
    /// <param name="headers">The record's, or what of them counts.</param>
    public static void Append(IncrementalHash hash, in StoredRecord record, RecordHeaders headers)
    {
        Span<byte> timestamp = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(timestamp, record.Timestamp);
        hash.AppendData(timestamp);
        Append(hash, record.Key);
        Append(hash, record.Value);
        Append(hash, headers.Encoded);
    }

    private static void Append(IncrementalHash hash, ReadOnlyMemory<byte>? part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part?.Length ?? -1);
        hash.AppendData(length);
        hash.AppendData(part.GetValueOrDefault().Span);
    }
}
