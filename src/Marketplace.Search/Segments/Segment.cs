using System.Numerics;

namespace Marketplace.Search.Segments;

/// <summary>Products that were made visible together or merged: immutable but for popularity.</summary>
internal sealed class Segment(ProductIds ids, ProductColumns columns, Postings postings)
{
    public int Count => Ids.Count;

    public ProductIds Ids { get; } = ids;

    public ProductColumns Columns { get; } = columns;

    public FacetKeys FacetKeys { get; } = new(columns.Facts.AsSpan(0, columns.Count));

    public Postings Postings { get; } = postings;
}

/// <summary>A segment and which of its products are deleted, as one snapshot sees them.</summary>
internal sealed class SegmentView(Segment segment, ulong[]? deleted, int deletedCount)
{
    public Segment Segment { get; } = segment;

    /// <summary>A bit for each deleted product, null when there is none.</summary>
    public ulong[]? Deleted { get; } = deleted;

    public int DeletedCount { get; } = deletedCount;

    public int LiveCount => Segment.Count - DeletedCount;

    public bool IsDeleted(int doc) => Deleted is not null && (Deleted[doc >> 6] & (1UL << doc)) != 0;

    public static int CountBits(ulong[] bits) => bits.Sum(word => BitOperations.PopCount(word));
}
