using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Marketplace.Snapshots;

/// <summary>The header of a frame.</summary>
/// <param name="Crc">CRC-32C of number, length and content.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SnapshotFrame(uint Number, int Length, uint Crc)
{
    public const int MaxBytes = 256 * 1024;

    public static int HeaderBytes => Unsafe.SizeOf<SnapshotFrame>();

    public static uint Sum(uint number, ReadOnlySpan<byte> content) =>
        Checksum.Add(Checksum.Add(0, MemoryMarshal.AsBytes<uint>([number, (uint)content.Length])), content);
}
