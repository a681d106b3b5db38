using Marketplace.Search.Segments;
using Marketplace.Search.Sources;
using Marketplace.Snapshots;

namespace Marketplace.Search.Snapshots;

/// <summary>Writes and reads one segment as a snapshot sees it.</summary>
internal static class SegmentSnapshot
{
    public static void Write(SnapshotWriter output, SegmentView view)
    {
        var (ids, columns, postings) = (view.Segment.Ids, view.Segment.Columns, view.Segment.Postings);
        output.WriteArray(ids.Utf8);
        output.WriteArray(ids.Ends);
        output.WriteArray<long>(columns.Timestamps);
        output.WriteArray<long>(columns.VisibleSince);
        output.WriteArray<ProductFacts>(columns.Facts);
        output.WriteArray<SourcePointer>(columns.Sources);
        output.WriteArray<int>(columns.SpecificationEnds);
        output.WriteArray<int>(columns.Specifications);
        output.WriteArray<int>(postings.Terms);
        output.WriteArray<int>(postings.Offsets);
        output.WriteArray<byte>(postings.Data.AsSpan(0, postings.Length));
        output.WriteArray<ulong>(view.Deleted);
    }

    /// <summary>Reads what the file has; the tables that are made of it are made beside further reading.</summary>
    public static Task<SegmentView> Read(SnapshotReader input)
    {
        var ids = input.ReadArray<byte>();
        var idEnds = input.ReadArray<int>();
        var columns = new ProductColumns(0)
        {
            Timestamps = input.ReadArray<long>(),
            VisibleSince = input.ReadArray<long>(),
            Facts = input.ReadArray<ProductFacts>(),
            Sources = input.ReadArray<SourcePointer>(),
            SpecificationEnds = input.ReadArray<int>(),
            Specifications = input.ReadArray<int>(),
        };
        columns.Restore();
        var terms = input.ReadArray<int>();
        var offsets = input.ReadArray<int>();
        var data = input.ReadArray<byte>();
        var deleted = input.ReadArray<ulong>();
        return Task.Run(() =>
        {
            var segment = new Segment(ProductIds.Restore(ids, idEnds), columns, new Postings(terms, offsets, data, data.Length));
            return deleted.Length == 0 ? new SegmentView(segment, null, 0) : new SegmentView(segment, deleted, SegmentView.CountBits(deleted));
        });
    }
}
