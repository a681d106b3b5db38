using System.Buffers.Binary;
using System.IO.Hashing;
using Marketplace.EventLog;

namespace Marketplace.Mirror.Records;

/// <summary>64 bits of XxHash3 over timestamp, key and value: tells whether the record at an offset is still the one that was copied.</summary>
internal static class RecordHash
{
    public static ulong Of(in StoredRecord record)
    {
        Span<byte> head = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(head, record.Timestamp);
        BinaryPrimitives.WriteInt32LittleEndian(head[sizeof(long)..], record.Key?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(head[(sizeof(long) + sizeof(int))..], record.Value?.Length ?? -1);
        var hash = new XxHash3();
        hash.Append(head);
        hash.Append(record.Key.GetValueOrDefault().Span);
        hash.Append(record.Value.GetValueOrDefault().Span);
        return hash.GetCurrentHashAsUInt64();
    }
}
