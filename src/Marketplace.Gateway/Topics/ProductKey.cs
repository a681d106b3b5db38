using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Marketplace.Gateway.Topics;

/// <summary>
/// A product id as a map's key: the first 128 bits of its SHA-256. The same in every process, since snapshots keep it, and nobody can
/// make ids that meet; a hash that is faster would need a secret seed. At a billion products two meet by chance with a probability of 10⁻²¹.
/// </summary>
public static class ProductKey
{
    public static UInt128 Of(ReadOnlySpan<byte> productId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(productId, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}
