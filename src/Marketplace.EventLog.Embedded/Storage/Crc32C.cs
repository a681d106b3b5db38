using System.Buffers.Binary;
using System.Numerics;

namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where it has one.</summary>
internal static class Crc32C
{
    /// <summary>The checksum of a stored batch: its bytes as they are stored, and the columns that say what they are.</summary>
    /// <param name="recordBytes">Null where the bytes are not compressed.</param>
    public static uint Of(long rowId, long last, int count, int? recordBytes, ReadOnlySpan<byte> data)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)rowId);
        crc = BitOperations.Crc32C(crc, (ulong)last);
        crc = BitOperations.Crc32C(crc, (uint)count);
        if (recordBytes is { } bytes)
        {
            crc = BitOperations.Crc32C(crc, (uint)bytes);
        }

        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
