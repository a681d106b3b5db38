namespace Marketplace.Search.Segments;

/// <summary>The posting lists of one segment: sorted term ids, where each list begins, and the lists' bytes.</summary>
internal sealed class Postings(int[] terms, int[] offsets, byte[] data, int length)
{
    private readonly TermRanks _ranks = new(terms);

    public int[] Terms { get; } = terms;

    public int[] Offsets { get; } = offsets;

    public byte[] Data { get; } = data;

    public int Length { get; } = length;

    /// <summary>Where the term's list begins, -1 when no product of the segment has it.</summary>
    public int Find(int term)
    {
        var rank = _ranks.Of(term);
        return rank < 0 ? -1 : Offsets[rank];
    }

    /// <summary>How many products of the segment have the term, those deleted among them.</summary>
    public int CountOf(int term)
    {
        var offset = Find(term);
        return offset < 0 ? 0 : (int)Varint.Read(Data, ref offset);
    }
}
