using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Marketplace.EventLog;

/// <summary>
/// A record's key as a map's key: the first 128 bits of its SHA-256. The same in every process, since snapshots keep it, and nobody can
/// make keys that meet; a hash that is faster would need a secret seed. Of a billion keys two meet by chance with a probability of 10⁻²¹.
/// </summary>
public static class KeyHash
{
    public static UInt128 Of(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
