using Marketplace.Search.Sources;

namespace Marketplace.Search.Segments;

/// <summary>The merged segment, where each input's products went (-1: dropped, it was deleted), and which products' bytes were copied elsewhere.</summary>
internal sealed record MergeResult(Segment? Segment, int[][] Maps, IReadOnlyList<(int Term, int Dropped)> Dropped, IReadOnlyList<(int Doc, SourcePointer From)> Moved);

/// <summary>Merges segments into one without their deleted products. Runs beside readers and the writer, on the chunks of a snapshot.</summary>
internal static class SegmentMerger
{
    public static MergeResult Merge(IReadOnlyList<SegmentView> inputs, SourceChunk?[] chunks, SourceStore sources, CancellationToken cancellationToken)
    {
        var live = inputs.Sum(v => v.LiveCount);
        var ids = new ProductIds.Builder(live);
        var columns = new ProductColumns(live);
        var moved = new List<(int Doc, SourcePointer From)>();
        var maps = new int[inputs.Count][];
        for (var i = 0; i < inputs.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            maps[i] = CopyProducts(inputs[i], ids, columns, chunks, sources, moved);
        }

        var dropped = new List<(int, int)>();
        var postings = MergePostings(inputs, maps, dropped, cancellationToken);
        return new MergeResult(live == 0 ? null : new Segment(ids.Build(), columns.Trim(), postings), maps, dropped, moved);
    }

    private static int[] CopyProducts(SegmentView input, ProductIds.Builder ids, ProductColumns columns, SourceChunk?[] chunks, SourceStore sources, List<(int Doc, SourcePointer From)> moved)
    {
        var from = input.Segment;
        var map = new int[from.Count];
        for (var doc = 0; doc < map.Length; doc++)
        {
            if (input.IsDeleted(doc))
            {
                map[doc] = -1;
                continue;
            }

            map[doc] = ids.Count;
            ids.Add(from.Ids[doc], from.Ids.HashOf(doc));
            var row = from.Columns.Row(doc);
            var chunk = chunks[row.Source.Chunk]!;
            if (sources.IsMostlyDead(chunk))
            {
                moved.Add((map[doc], row.Source));
                row.Source = sources.Append(chunk.Read(row.Source.Offset, row.Source.Length).Span);
            }

            columns.Add(row, from.Columns.SpecificationsOf(doc));
        }

        return map;
    }

    private static Postings MergePostings(IReadOnlyList<SegmentView> inputs, int[][] maps, List<(int, int)> dropped, CancellationToken cancellationToken)
    {
        var writer = new PostingsWriter((int)Math.Min(Array.MaxLength, inputs.Sum(v => (long)v.Segment.Postings.Length) + 1024));
        var cursor = new PostingsCursor();
        var queue = new PriorityQueue<int, long>();
        var next = new int[inputs.Count];
        for (var i = 0; i < inputs.Count; i++)
        {
            Enqueue(i);
        }

        var merged = 0;
        while (queue.TryPeek(out _, out var priority))
        {
            if ((++merged & 0xFFF) == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var term = (int)(priority >> 32);
            var before = 0;
            while (queue.TryPeek(out var input, out priority) && (int)(priority >> 32) == term)
            {
                queue.Dequeue();
                var postings = inputs[input].Segment.Postings;
                cursor.Open(postings, postings.Offsets[next[input]++]);
                before += cursor.Count;
                Copy(cursor, maps[input], writer);
                Enqueue(input);
            }

            var after = writer.EndTerm(term);
            if (after < before)
            {
                dropped.Add((term, before - after));
            }
        }

        return writer.Build();

        // Inputs are taken in their order within a term, so products stay in ascending order.
        void Enqueue(int input)
        {
            var terms = inputs[input].Segment.Postings.Terms;
            if (next[input] < terms.Length)
            {
                queue.Enqueue(input, ((long)terms[next[input]] << 32) | (uint)input);
            }
        }
    }

    private static void Copy(PostingsCursor cursor, int[] map, PostingsWriter writer)
    {
        var at = 0;
        for (; cursor.Doc != PostingsCursor.End; cursor.MoveNext())
        {
            if (cursor.IsBlockStart)
            {
                at = cursor.BlockOccurrences;
            }

            var end = PostingsCursor.SkipOccurrences(cursor.Data, at);
            var doc = map[cursor.Doc];
            if (doc >= 0)
            {
                writer.Add(doc, cursor.Impact, cursor.Data.AsSpan(at, end - at));
            }

            at = end;
        }
    }
}
