using Marketplace.Search.Segments;
using Marketplace.Search.Terms;
using Marketplace.Snapshots;

namespace Marketplace.Search.Snapshots;

/// <summary>Writes and reads what all segments share. Tables only grow: what was there at the capture is written while the writer goes on.</summary>
internal sealed class TablesSnapshot
{
    private readonly IndexTables _tables;
    private readonly TermInfo[] _terms;
    private readonly int[] _keywords;
    private readonly int _specifications;

    /// <summary>Takes down how far the tables go, and what changes in place; by the writer.</summary>
    public TablesSnapshot(IndexTables tables)
    {
        _tables = tables;
        _terms = tables.Terms.CopyInfos();
        _keywords = [.. Keywords(tables).Select(k => k.Count)];
        _specifications = tables.Specifications.Count;
    }

    public void Write(SnapshotWriter output)
    {
        output.WriteArray<TermInfo>(_terms);
        TextBlock.Write(output, _tables.Terms, _terms.Length);
        foreach (var (keywords, count) in Keywords(_tables).Zip(_keywords))
        {
            output.Write(count);
            for (var id = 1; id < count; id++)
            {
                output.WriteText(keywords.Shown(id));
            }
        }

        output.Write(_specifications);
        for (var pair = 0; pair < _specifications; pair++)
        {
            output.Write(_tables.Specifications.NameOf(pair));
            output.WriteText(_tables.Specifications.ValueOf(pair));
        }
    }

    /// <summary>Reads the tables; the dictionary of terms is made of what was read beside further reading.</summary>
    /// <returns>Completes when the terms can be used.</returns>
    public static Task Read(SnapshotReader input, IndexTables tables)
    {
        var infos = input.ReadArray<TermInfo>();
        var texts = TextBlock.Read(input, infos.Length);
        var terms = Task.Run(() => tables.Terms.Restore(infos, texts));
        foreach (var keywords in Keywords(tables))
        {
            var count = input.Read<int>();
            for (var id = 1; id < count; id++)
            {
                keywords.Intern(input.ReadText());
            }

            Check(keywords.Count == count);
        }

        var pairs = input.Read<int>();
        for (var pair = 0; pair < pairs; pair++)
        {
            Check(tables.Specifications.Intern(input.Read<int>(), input.ReadText()) == pair);
        }

        return terms;
    }

    /// <summary>Counts again how many products have each brand and category.</summary>
    public static void CountUses(IndexTables tables, IEnumerable<SegmentView> segments)
    {
        foreach (var view in segments)
        {
            for (var doc = 0; doc < view.Segment.Count; doc++)
            {
                if (!view.IsDeleted(doc))
                {
                    tables.CountUse(view.Segment.Columns.Facts[doc], 1);
                }
            }
        }
    }

    private static IEnumerable<KeywordTable> Keywords(IndexTables tables) => [tables.Categories, tables.Brands, tables.Stores, tables.Currencies, tables.Specifications.Names];

    private static void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidDataException("The snapshot's tables hold the same text twice.");
        }
    }
}
