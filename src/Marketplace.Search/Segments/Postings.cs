namespace Marketplace.Search.Segments;

/// <summary>The posting lists of one segment: sorted term ids, where each list begins, and the lists' bytes.</summary>
internal sealed class Postings(int[] terms, int[] offsets, byte[] data, int length)
{
    public static readonly Postings Empty = new([], [], [], 0);

    private const int GroupShift = 6;

    private readonly int[] _firsts = FirstOfGroups(terms);

    public int[] Terms { get; } = terms;

    public int[] Offsets { get; } = offsets;

    public byte[] Data { get; } = data;

    public int Length { get; } = length;

    /// <summary>Where the term's list begins, -1 when no product of the segment has it.</summary>
    public int Find(int term)
    {
        // Down to a few cache lines in a table that stays in the cache, and only there in the large one.
        var group = Array.BinarySearch(_firsts, term);
        group = group < 0 ? ~group - 1 : group;
        if (group < 0)
        {
            return -1;
        }

        var start = group << GroupShift;
        var found = Terms.AsSpan(start, Math.Min(1 << GroupShift, Terms.Length - start)).BinarySearch(term);
        return found < 0 ? -1 : Offsets[start + found];
    }

    private static int[] FirstOfGroups(int[] terms)
    {
        var firsts = new int[(terms.Length + (1 << GroupShift) - 1) >> GroupShift];
        for (var group = 0; group < firsts.Length; group++)
        {
            firsts[group] = terms[group << GroupShift];
        }

        return firsts;
    }
}
