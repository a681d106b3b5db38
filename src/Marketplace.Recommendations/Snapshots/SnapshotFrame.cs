using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marketplace.Recommendations.Snapshots;

/// <summary>The header of a frame.</summary>
/// <param name="Crc">CRC-32C of number, length and content.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SnapshotFrame(uint Number, int Length, uint Crc)
{
    public const int MaxBytes = 256 * 1024;

    public static int HeaderBytes => Unsafe.SizeOf<SnapshotFrame>();

    public static uint Checksum(uint number, ReadOnlySpan<byte> content)
    {
        var crc = BitOperations.Crc32C(BitOperations.Crc32C(uint.MaxValue, number), (uint)content.Length);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(content))
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var b in content[(content.Length & ~(sizeof(ulong) - 1))..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
