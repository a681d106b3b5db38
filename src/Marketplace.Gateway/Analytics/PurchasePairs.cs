using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

/// <summary>
/// What one client bought together: a purchase makes a pair with each other product among the client's <see cref="Kept"/> purchases
/// before it that lie within <see cref="Window"/> of it, unless one of them is of the same product.
/// </summary>
internal sealed class PurchasePairs
{
    public const int Kept = 10;
    public const uint Window = 24 * 60 * 60;

    /// <summary>What comes into the log later than this after a purchase makes no pair with it.</summary>
    public const uint OpenFor = 7 * Window;

    private Dictionary<int, Recent> _recent = [];

    public void Count(in AnalyticsEvent e, DayTable day)
    {
        ref var recent = ref CollectionsMarshal.GetValueRefOrAddDefault(_recent, e.Client, out _);
        var partners = new HashSet<int>();
        var again = false;
        for (var i = 0; i < recent.Count; i++)
        {
            var other = recent.Purchases[i];
            var apart = other.At > e.At ? other.At - e.At : e.At - other.At;
            if (apart <= Window && e.Received <= (ulong)other.Received + OpenFor)
            {
                partners.Add(other.Product);
                again |= other.Product == e.Product;
            }
        }

        foreach (var partner in again ? [] : partners)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(day.Together, ProductPair.Of(partner, e.Product), out _)++;
        }

        recent.Add(new Purchase(e.Product, e.At, e.Received));
    }

    /// <inheritdoc cref="Funnel.Forget"/>
    public void Forget(uint received)
    {
        foreach (var (client, recent) in _recent)
        {
            if (received > (ulong)recent.LastReceived + OpenFor)
            {
                _recent.Remove(client);
            }
        }
    }

    public void Save(SnapshotWriter writer) => writer.WriteTable(_recent);

    public void Load(SnapshotReader reader) => _recent = reader.ReadTable<int, Recent>();

    private readonly record struct Purchase(int Product, uint At, uint Received);

    /// <summary>The oldest first.</summary>
    private struct Recent
    {
        public int Count;
        public Ring Purchases;

        public readonly uint LastReceived => Purchases[Count - 1].Received;

        public void Add(Purchase purchase)
        {
            if (Count == Kept)
            {
                Span<Purchase> all = Purchases;
                all[1..].CopyTo(all);
                Count--;
            }

            Purchases[Count++] = purchase;
        }
    }

    [InlineArray(Kept)]
    private struct Ring
    {
        private Purchase _first;
    }
}
