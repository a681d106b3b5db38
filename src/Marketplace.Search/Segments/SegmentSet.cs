using Marketplace.Search.Terms;

namespace Marketplace.Search.Segments;

/// <summary>
/// The writer's segments. Deletes go to a copy of a segment's bitmap, which the next snapshot gets. Merges follow size classes, each
/// <paramref name="mergeFactor"/> times the one before: a class that has that many segments is merged into one.
/// </summary>
internal sealed class SegmentSet(int mergeFactor, TermDictionary terms, IEnumerable<SegmentView> segments)
{
    private const int SmallestClass = 1024;
    private const double TooManyDeleted = 0.3;

    private readonly List<Entry> _entries = [.. segments.Select(view => new Entry(view))];

    public int Count => _entries.Count;

    /// <summary>True when there is something that no snapshot shows yet.</summary>
    public bool HasChanged { get; private set; }

    public void Add(Segment segment, ulong[]? deleted)
    {
        _entries.Add(new Entry(new SegmentView(segment, deleted, deleted is null ? 0 : SegmentView.CountBits(deleted))));
        HasChanged = true;
    }

    public bool TryFind(in ProductKey key, out Segment segment, out int doc)
    {
        var found = Find(key, out doc);
        segment = found?.View.Segment!;
        return found is not null;
    }

    /// <summary>Asks about every product.</summary>
    public void RefreshPopularity(IPopularity? popularity)
    {
        if (popularity is null)
        {
            return;
        }

        Parallel.ForEach(_entries.Select(e => e.View.Segment), segment =>
        {
            for (var doc = 0; doc < segment.Count; doc++)
            {
                segment.Columns.Facts[doc].Popularity = popularity.Of(segment.Ids.Text(doc));
            }
        });
    }

    public bool Delete(in ProductKey key, out ProductRow row)
    {
        if (Find(key, out var doc) is not { } entry)
        {
            row = default;
            return false;
        }

        entry.Delete(doc);
        row = entry.View.Segment.Columns.Row(doc);
        HasChanged = true;
        return true;
    }

    /// <summary>Views with every change in them.</summary>
    public SegmentView[] Publish()
    {
        foreach (var entry in _entries)
        {
            entry.Publish();
        }

        foreach (var gone in _entries.Where(e => e.View.LiveCount == 0))
        {
            AddFrequencies(gone.View.Segment, -1);
        }

        _entries.RemoveAll(e => e.View.LiveCount == 0);
        HasChanged = false;
        return Views();
    }

    /// <summary>Views as they were published; deletes since then stay out of sight.</summary>
    public SegmentView[] Views() => [.. _entries.Select(e => e.View)];

    /// <summary>The segments to merge next, as published, null when none is due.</summary>
    public IReadOnlyList<SegmentView>? PickMerge()
    {
        var due = _entries
            .GroupBy(e => ClassOf(e.View.LiveCount))
            .Where(g => g.Count() >= mergeFactor)
            .MinBy(g => g.Key);
        if (due is not null)
        {
            return [.. due.Select(e => e.View)];
        }

        var wasteful = _entries.Find(e => e.View.Segment.Count >= SmallestClass && e.View.DeletedCount > e.View.Segment.Count * TooManyDeleted);
        return wasteful is null ? null : [wasteful.View];
    }

    /// <summary>Puts a merged segment in the place of its inputs and deletes in it what was deleted from them meanwhile.</summary>
    /// <returns>A bit for each product of the merged segment that was deleted, null when there is none.</returns>
    public ulong[]? Replace(IReadOnlyList<SegmentView> inputs, MergeResult result)
    {
        ulong[]? published = null, current = null;
        for (var i = 0; i < inputs.Count; i++)
        {
            var index = _entries.FindIndex(e => e.View.Segment == inputs[i].Segment);
            if (index < 0)
            {
                // All its products were deleted while the merge ran, and its words counted as gone; those that the merge copied are there again.
                AddFrequencies(inputs[i].Segment, 1);
                MapAll(inputs[i], result.Maps[i], ref published, result.Segment);
                MapAll(inputs[i], result.Maps[i], ref current, result.Segment);
                continue;
            }

            var entry = _entries[index];
            MapDeleted(inputs[i].Deleted, entry.View.Deleted, result.Maps[i], ref published, result.Segment);
            MapDeleted(inputs[i].Deleted, entry.Deleted, result.Maps[i], ref current, result.Segment);
            _entries.RemoveAt(index);
        }

        if (result.Segment is { } segment)
        {
            var view = new SegmentView(segment, published, published is null ? 0 : SegmentView.CountBits(published));
            _entries.Add(new Entry(view, current));
        }

        return current;
    }

    private void AddFrequencies(Segment segment, int sign)
    {
        foreach (var term in segment.Postings.Terms)
        {
            terms.AddFrequency(term, sign * segment.Postings.CountOf(term));
        }
    }

    private static void MapDeleted(ulong[]? before, ulong[]? now, int[] map, ref ulong[]? target, Segment? segment)
    {
        for (var word = 0; now is not null && segment is not null && word < now.Length; word++)
        {
            var added = now[word] & ~(before is null ? 0 : before[word]);
            for (; added != 0; added &= added - 1)
            {
                Set(ref target, segment, map[(word * 64) + System.Numerics.BitOperations.TrailingZeroCount(added)]);
            }
        }
    }

    private static void MapAll(SegmentView input, int[] map, ref ulong[]? target, Segment? segment)
    {
        for (var doc = 0; segment is not null && doc < input.Segment.Count; doc++)
        {
            if (map[doc] >= 0)
            {
                Set(ref target, segment, map[doc]);
            }
        }
    }

    private static void Set(ref ulong[]? bits, Segment segment, int doc)
    {
        bits ??= new ulong[(segment.Count + 63) / 64];
        bits[doc >> 6] |= 1UL << doc;
    }

    private int ClassOf(int products)
    {
        var size = 0;
        for (long limit = SmallestClass; products >= limit; limit *= mergeFactor)
        {
            size++;
        }

        return size;
    }

    private Entry? Find(in ProductKey key, out int doc)
    {
        foreach (var entry in _entries)
        {
            doc = entry.View.Segment.Ids.Find(key);
            if (doc >= 0 && !entry.IsDeleted(doc))
            {
                return entry;
            }
        }

        doc = -1;
        return null;
    }

    private sealed class Entry
    {
        private int _deletedCount;

        public Entry(SegmentView view)
        {
            View = view;
            Deleted = view.Deleted;
            _deletedCount = view.DeletedCount;
        }

        public Entry(SegmentView view, ulong[]? current)
            : this(view)
        {
            Deleted = current is null || (view.Deleted is not null && current.AsSpan().SequenceEqual(view.Deleted)) ? view.Deleted : current;
            _deletedCount = Deleted is null ? 0 : SegmentView.CountBits(Deleted);
        }

        /// <summary>As snapshots see it.</summary>
        public SegmentView View { get; private set; }

        /// <summary>As the writer knows it; the view's own bitmap while nothing changed.</summary>
        public ulong[]? Deleted { get; private set; }

        public bool IsDeleted(int doc) => Deleted is not null && (Deleted[doc >> 6] & (1UL << doc)) != 0;

        public void Delete(int doc)
        {
            if (Deleted == View.Deleted)
            {
                Deleted = Deleted is null ? new ulong[(View.Segment.Count + 63) / 64] : [.. Deleted];
            }

            Deleted![doc >> 6] |= 1UL << doc;
            _deletedCount++;
        }

        public void Publish()
        {
            if (Deleted != View.Deleted)
            {
                View = new SegmentView(View.Segment, Deleted, _deletedCount);
            }
        }
    }
}
