namespace Marketplace.Prometheus.Recording;

/// <summary>
/// Finds a series by tags as an instrument was given them. Readers take no lock and allocate nothing; one writer at a time adds.
/// A slot is empty or holds a complete entry, and a table that has grown replaces the old one whole.
/// </summary>
internal sealed class TagTable
{
    private const int InitialSlots = 8;

    private Entry?[] _slots = new Entry?[InitialSlots];
    private Series? _untagged;

    public int Count { get; private set; }

    public Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return Volatile.Read(ref _untagged);
        }

        var slots = Volatile.Read(ref _slots);
        var hash = Hash(tags);
        for (var at = hash & (slots.Length - 1); Volatile.Read(ref slots[at]) is { } entry; at = (at + 1) & (slots.Length - 1))
        {
            if (entry.Hash == hash && Same(entry.Tags, tags))
            {
                return entry.Series;
            }
        }

        return null;
    }

    public void Add(ReadOnlySpan<KeyValuePair<string, object?>> tags, Series series)
    {
        Count++;
        if (tags.IsEmpty)
        {
            Volatile.Write(ref _untagged, series);
            return;
        }

        if (Count * 2 > _slots.Length)
        {
            var grown = new Entry?[_slots.Length * 2];
            foreach (var entry in _slots)
            {
                if (entry is not null)
                {
                    Put(grown, entry);
                }
            }

            Volatile.Write(ref _slots, grown);
        }

        Put(_slots, new Entry(Hash(tags), tags.ToArray(), series));
    }

    private static void Put(Entry?[] slots, Entry entry)
    {
        var at = entry.Hash & (slots.Length - 1);
        while (slots[at] is not null)
        {
            at = (at + 1) & (slots.Length - 1);
        }

        Volatile.Write(ref slots[at], entry);
    }

    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (ref readonly var tag in tags)
        {
            // Keys are few and mostly the same, so their length does; values tell series apart.
            hash = (hash * 31) + tag.Key.Length;
            hash = (hash * 16_777_619) ^ (tag.Value?.GetHashCode() ?? 0);
        }

        return hash ^ (hash >>> 15);
    }

    private static bool Same(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length)
        {
            return false;
        }

        for (var i = 0; i < known.Length; i++)
        {
            if (known[i].Key != tags[i].Key || !(ReferenceEquals(known[i].Value, tags[i].Value) || Equals(known[i].Value, tags[i].Value)))
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Entry(int Hash, KeyValuePair<string, object?>[] Tags, Series Series);
}
