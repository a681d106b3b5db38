using System.Security.Cryptography;
using System.Text;

namespace Marketplace.Gateway.Hosting.Access;

/// <summary>A key and its roles; of the key only the SHA-256 is kept.</summary>
public sealed class ApiKey(string key, Role roles)
{
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public Role Roles { get; } = roles;

    /// <summary>A name of the key's holder that does not tell the key: the same after restarts.</summary>
    public string Caller => Convert.ToHexStringLower(_hash.AsSpan(0, 8));

    /// <summary>Admin may do everything.</summary>
    public bool May(Role role) => (Roles & (role | Role.Admin)) != 0;

    internal bool HasHash(ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(_hash, hash);
}
