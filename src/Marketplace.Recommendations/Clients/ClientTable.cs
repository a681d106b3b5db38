using System.Text;
using Marketplace.Recommendations.Storage;

namespace Marketplace.Recommendations.Clients;

/// <summary>Numbers the clients: users, and sessions of nobody known, which are never taken for each other.</summary>
internal sealed class ClientTable
{
    private const byte UserPrefix = (byte)'u';
    private const byte SessionPrefix = (byte)'s';
    private const int MaxIdBytes = IdTable.MaxIdBytes - 1;

    public IdTable Ids { get; } = new();

    public int Count => Ids.Count;

    public bool IsSession(int client) => Ids.BytesOf(client)[0] == SessionPrefix;

    /// <summary>The number of who did it; -1 when the event names nobody.</summary>
    public int FindOrAdd(in ClientEvent clientEvent) =>
        !clientEvent.UserId.IsEmpty ? FindOrAdd(UserPrefix, clientEvent.UserId)
        : !clientEvent.SessionId.IsEmpty ? FindOrAdd(SessionPrefix, clientEvent.SessionId)
        : -1;

    /// <summary>The number of the user of this identifier, or -1.</summary>
    public int FindUser(string id) => Find(UserPrefix, id);

    /// <summary>The number of the session of this identifier, or -1.</summary>
    public int FindSession(string id) => Find(SessionPrefix, id);

    private int Find(byte prefix, string id)
    {
        if (id.Length * 3 > MaxIdBytes)
        {
            return -1;
        }

        Span<byte> key = stackalloc byte[1 + (id.Length * 3)];
        key = key[..(1 + Encoding.UTF8.GetBytes(id, key[1..]))];
        key[0] = prefix;
        return Ids.Find(key);
    }

    private int FindOrAdd(byte prefix, ReadOnlySpan<byte> id)
    {
        if (id.Length > MaxIdBytes)
        {
            throw new ArgumentException($"A client's identifier has at most {MaxIdBytes} bytes, this one {id.Length}.", nameof(id));
        }

        Span<byte> key = stackalloc byte[1 + id.Length];
        key[0] = prefix;
        id.CopyTo(key[1..]);
        return Ids.FindOrAdd(key);
    }
}
