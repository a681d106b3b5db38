using System.Runtime.InteropServices;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

/// <summary>
/// Which searches led to something: an event names the search it came from within <see cref="Window"/> (by the log's clock). Events
/// and searches stand in two topics, so whichever is read first waits here for the other.
/// </summary>
internal sealed class Clicks
{
    public const uint Window = 24 * 60 * 60;

    private Dictionary<UInt128, Searched> _searches = [];
    private Dictionary<UInt128, Clicked> _clicks = [];

    /// <summary>False when this search was counted already.</summary>
    public bool Search(UInt128 query, uint received, int day, int text, out bool isClicked)
    {
        isClicked = false;
        ref var search = ref CollectionsMarshal.GetValueRefOrAddDefault(_searches, query, out var exists);
        if (exists)
        {
            return false;
        }

        isClicked = _clicks.Remove(query, out var click) && click.IsWithin(received);
        search = new Searched(received, day, text, isClicked);
        return true;
    }

    /// <summary>The search that this is the first click of, by its day and text; null when there is none, or none yet.</summary>
    public (int Day, int Text)? Click(UInt128 query, uint received)
    {
        ref var search = ref CollectionsMarshal.GetValueRefOrNullRef(_searches, query);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref search))
        {
            ref var click = ref CollectionsMarshal.GetValueRefOrAddDefault(_clicks, query, out var exists);
            click = exists ? click.And(received) : new Clicked(received, received);
            return null;
        }

        if (search.IsClicked || !new Clicked(received, received).IsWithin(search.Received))
        {
            return null;
        }

        search = search with { IsClicked = true };
        return (search.Day, search.Text);
    }

    /// <inheritdoc cref="Funnel.Forget"/>
    public void Forget(uint received)
    {
        foreach (var (query, search) in _searches)
        {
            if (received > (ulong)search.Received + Window)
            {
                _searches.Remove(query);
            }
        }

        foreach (var (query, click) in _clicks)
        {
            if (received > (ulong)click.Last + Window)
            {
                _clicks.Remove(query);
            }
        }
    }

    public void Save(SnapshotWriter writer)
    {
        writer.WriteTable(_searches);
        writer.WriteTable(_clicks);
    }

    public void Load(SnapshotReader reader)
    {
        _searches = reader.ReadTable<UInt128, Searched>();
        _clicks = reader.ReadTable<UInt128, Clicked>();
    }

    private readonly record struct Searched(uint Received, int Day, int Text, bool IsClicked);

    /// <summary>The first and the last event that named a search not yet read.</summary>
    private readonly record struct Clicked(uint First, uint Last)
    {
        public Clicked And(uint received) => new(Math.Min(First, received), Math.Max(Last, received));

        /// <summary>Before or after: a search is written behind its answer, so a quick click may stand in the log first.</summary>
        public bool IsWithin(uint searched) => First <= (ulong)searched + Window && searched <= (ulong)Last + Window;
    }
}
