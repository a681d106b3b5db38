using System.Numerics;
using System.Runtime.InteropServices;

namespace Marketplace.Snapshots;

/// <summary>CRC-32C (Castagnoli), carried on from piece to piece.</summary>
public static class Checksum
{
    /// <param name="crc">Of what comes before; 0 at the beginning.</param>
    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var b in bytes[(bytes.Length & ~(sizeof(ulong) - 1))..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
