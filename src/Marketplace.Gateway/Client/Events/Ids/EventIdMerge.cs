namespace Marketplace.Gateway.Client.Events.Ids;

/// <summary>Several sorted runs as one.</summary>
internal static class EventIdMerge
{
    private const int PartEntries = 8192;

    public static IEnumerable<ReadOnlyMemory<EventIdEntry>> Merge(IReadOnlyList<EventIdRun> runs)
    {
        var queue = new PriorityQueue<Cursor, EventIdEntry>();
        foreach (var run in runs)
        {
            var cursor = new Cursor(run.Entries().GetEnumerator());
            if (cursor.Next())
            {
                queue.Enqueue(cursor, cursor.Current);
            }
        }

        var part = new EventIdEntry[PartEntries];
        var filled = 0;
        while (queue.TryDequeue(out var cursor, out var entry))
        {
            part[filled++] = entry;
            if (filled == part.Length)
            {
                yield return part;
                filled = 0;
            }

            if (cursor.Next())
            {
                queue.Enqueue(cursor, cursor.Current);
            }
        }

        yield return part.AsMemory(0, filled);
    }

    private sealed class Cursor(IEnumerator<ReadOnlyMemory<EventIdEntry>> parts)
    {
        private ReadOnlyMemory<EventIdEntry> _part;
        private int _at = -1;

        public EventIdEntry Current => _part.Span[_at];

        public bool Next()
        {
            if (++_at < _part.Length)
            {
                return true;
            }

            if (!parts.MoveNext())
            {
                return false;
            }

            (_part, _at) = (parts.Current, 0);
            return true;
        }
    }
}
