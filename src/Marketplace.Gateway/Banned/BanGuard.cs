using System.Text;

namespace Marketplace.Gateway.Banned;

/// <summary>
/// The banned list at the clients' border. A ban goes through the filter and the read models as everything does, and under a flood
/// of products they may be behind; what an answer shows is compared with the list itself, which is never behind.
/// </summary>
public sealed class BanGuard(BanListFeed bans, TimeProvider time)
{
    private const int StackBytes = 512;

    /// <summary>True while a ban that is in force hits this product. Takes no lock, and allocates only for the longest ids.</summary>
    public bool Hides(string productId)
    {
        var list = bans.Current;
        if (list.Count == 0)
        {
            return false;
        }

        var most = Encoding.UTF8.GetMaxByteCount(productId.Length);
        var utf8 = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        return list.Find(utf8[..Encoding.UTF8.GetBytes(productId, utf8)], time.GetUtcNow().ToUnixTimeMilliseconds()) is not null;
    }

    /// <summary>The items without those that are banned: the same list where none is.</summary>
    public IReadOnlyList<T> Shown<T>(IReadOnlyList<T> items, Func<T, string?> productId)
    {
        foreach (var item in items)
        {
            if (productId(item) is { } id && Hides(id))
            {
                return [.. items.Where(other => productId(other) is not { } shown || !Hides(shown))];
            }
        }

        return items;
    }
}
