using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>
/// The latest offset of each key of a range. A key stands as the first 16 bytes of its SHA-256: keys are anybody's, and a
/// hash that somebody can make collide would let one key's record remove another's.
/// </summary>
internal sealed class LatestOffsets
{
    private readonly Dictionary<UInt128, long> _offsets = [];

    public int Count => _offsets.Count;

    /// <summary>To be called in offset order.</summary>
    public void Put(ReadOnlySpan<byte> key, long offset) => _offsets[Digest(key)] = offset;

    /// <summary>True where a later record of the key is known.</summary>
    public bool IsSuperseded(ReadOnlySpan<byte> key, long offset) => _offsets.TryGetValue(Digest(key), out var latest) && latest > offset;

    private static UInt128 Digest(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
