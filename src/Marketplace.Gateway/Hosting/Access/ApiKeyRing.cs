using System.Security.Cryptography;
using System.Text;

namespace Marketplace.Gateway.Hosting.Access;

/// <summary>The keys the gateway knows. Empty: everybody may do everything, which is allowed on loopback only.</summary>
public sealed class ApiKeyRing(IReadOnlyList<ApiKey> keys)
{
    public const string Header = "X-Api-Key";

    /// <summary>Longer headers are no key of ours; Kestrel bounds them anyway.</summary>
    private const int MaxKeyLength = 4096;

    public bool IsEmpty => keys.Count == 0;

    /// <summary>The key of this text, in a time that does not depend on how much of it is right.</summary>
    public ApiKey? Find(string? presented)
    {
        if (presented is null or { Length: > MaxKeyLength })
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        ApiKey? found = null;
        foreach (var key in keys)
        {
            found = key.HasHash(hash) ? key : found;
        }

        return found;
    }
}
