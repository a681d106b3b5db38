using System.Runtime.InteropServices;
using Marketplace.Recommendations;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

internal enum FunnelStage : byte
{
    Viewed,
    Carted,
    Bought,
    Reviewed,
}

/// <summary>
/// Who went how far with a product, in this order: viewed, put into the cart, bought, reviewed. An entry begins with a view
/// and counts for its day; what comes within <see cref="Window"/> after it (by the time of the events), in order, takes it
/// further. The next view after that begins the next entry.
/// </summary>
internal sealed class Funnel
{
    public const uint Window = 7 * 24 * 60 * 60;

    /// <summary>What comes into the log later than this after an entry's view finds it closed, whenever its memory is given back.</summary>
    public const uint OpenFor = 2 * Window;

    private Dictionary<Pair, Entry> _open = [];

    public int OpenCount => _open.Count;

    /// <param name="dayOf">The table of a day.</param>
    public void Count(in AnalyticsEvent e, Func<int, DayTable> dayOf)
    {
        var pair = new Pair(e.Client, e.Product);
        if (e.Kind == ClientEventKind.View)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, pair, out var exists);
            if (!exists || !IsWithin(entry, e))
            {
                entry = new Entry(e.At, e.Received, FunnelStage.Viewed);
                dayOf(e.Day).Of(e.Product).Funnel[(int)FunnelStage.Viewed]++;
            }

            return;
        }

        FunnelStage? reached = e.Kind switch
        {
            ClientEventKind.AddToCart => FunnelStage.Carted,
            ClientEventKind.Purchase => FunnelStage.Bought,
            ClientEventKind.Review => FunnelStage.Reviewed,
            _ => null,
        };
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_open, pair);
        if (reached is { } stage && !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known) && known.Stage + 1 == stage && IsWithin(known, e))
        {
            known = known with { Stage = stage };
            dayOf(AnalyticsEvent.DayOf(known.At)).Of(e.Product).Funnel[(int)stage]++;
        }
    }

    /// <param name="received">No event that is still to come was received before this.</param>
    public void Forget(uint received)
    {
        foreach (var (pair, entry) in _open)
        {
            if (received > (ulong)entry.Received + OpenFor)
            {
                _open.Remove(pair);
            }
        }
    }

    public void Save(SnapshotWriter writer) => writer.WriteTable(_open);

    public void Load(SnapshotReader reader) => _open = reader.ReadTable<Pair, Entry>();

    private static bool IsWithin(in Entry entry, in AnalyticsEvent e) =>
        e.At >= entry.At && e.At - entry.At <= Window && e.Received <= (ulong)entry.Received + OpenFor;

    private readonly record struct Pair(int Client, int Product);

    private readonly record struct Entry(uint At, uint Received, FunnelStage Stage);
}
