using System.IO.Hashing;
using System.Security.Cryptography;

namespace Marketplace.Gateway.Topics;

/// <summary>
/// A product id as a map's key: 128 bits of XxHash, seeded anew in each process so that nobody can make ids that meet.
/// At a billion products two meet by chance with a probability of 10⁻²¹.
/// </summary>
public static class ProductKey
{
    private static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    public static UInt128 Of(ReadOnlySpan<byte> productId) => XxHash128.HashToUInt128(productId, Seed);
}
