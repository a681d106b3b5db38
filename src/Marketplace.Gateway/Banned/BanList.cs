using System.Collections.Immutable;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Banned;

/// <summary>
/// The banned list as it was at one position of its topic: immutable, so that a verdict can name the list it was given by.
/// Each list knows the one that followed it; a reader walks that chain to learn what changed and misses nothing.
/// </summary>
public sealed class BanList
{
    private readonly ImmutableDictionary<UInt128, Ban> _byProduct;
    private volatile BanList? _next;

    private BanList(long position, ImmutableDictionary<UInt128, Ban> byProduct, IReadOnlyList<byte[]> changed)
    {
        Position = position;
        _byProduct = byProduct;
        Changed = changed;
    }

    /// <summary>The list before anything was read; each reader begins with one of its own, since lists are linked.</summary>
    public static BanList Empty() => new(0, ImmutableDictionary<UInt128, Ban>.Empty, []);

    /// <summary>The offset after the last record of <c>banned-products</c> that is in this list.</summary>
    public long Position { get; }

    /// <summary>Ids whose bans differ from the list before.</summary>
    public IReadOnlyList<byte[]> Changed { get; }

    /// <summary>The list that followed, or null while this is the newest.</summary>
    public BanList? Next => _next;

    public int Count => _byProduct.Count;

    /// <summary>Bans that the list holds, also those that have expired.</summary>
    public IEnumerable<Ban> All => _byProduct.Values;

    /// <summary>The ban that hits this product at this instant (Unix milliseconds), or null.</summary>
    public Ban? Find(UInt128 product, long instant) =>
        _byProduct.TryGetValue(product, out var ban) && ban.IsInForce(instant) ? ban : null;

    public Ban? Find(ReadOnlySpan<byte> productId, long instant) => _byProduct.IsEmpty ? null : Find(KeyHash.Of(productId), instant);

    /// <summary>The list after these changes (null lifts the ban), linked behind this one.</summary>
    public BanList Apply(long position, IReadOnlyList<(byte[] Id, Ban? Ban)> changes)
    {
        var next = Build(position, changes);
        _next = next;
        return next;
    }

    /// <summary>As <see cref="Apply"/>, for loading: nobody has seen this list, so nothing links to the next.</summary>
    public BanList ApplyUnseen(long position, IReadOnlyList<(byte[] Id, Ban? Ban)> changes) => Build(position, changes);

    private BanList Build(long position, IReadOnlyList<(byte[] Id, Ban? Ban)> changes)
    {
        var builder = _byProduct.ToBuilder();
        foreach (var (id, ban) in changes)
        {
            if (ban is null)
            {
                builder.Remove(KeyHash.Of(id));
            }
            else
            {
                builder[KeyHash.Of(id)] = ban;
            }
        }

        return new BanList(position, builder.ToImmutable(), [.. changes.Select(c => c.Id)]);
    }
}
