using System.Buffers.Binary;

namespace Marketplace.Recommendations.Storage;

/// <summary>A 64-bit hash that is the same in every process. Folded multiplication, as in wyhash.</summary>
internal static class StableHash
{
    private const ulong Word = 0xa0761d6478bd642f;
    private const ulong Tail = 0xe7037ed1a0b428db;
    private const ulong Final = 0x8ebc6af09c88c6e3;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0)
    {
        var hash = seed ^ ((ulong)bytes.Length * Final);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), Word);
            bytes = bytes[sizeof(ulong)..];
        }

        var tail = 0UL;
        foreach (var b in bytes)
        {
            tail = (tail << 8) | b;
        }

        return Mix(Fold(hash ^ tail, Tail));
    }

    public static ulong Mix(ulong value) => Fold(value ^ Word, Final);

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
