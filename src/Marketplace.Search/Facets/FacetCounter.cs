using System.Buffers;
using Marketplace.Search.Segments;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Facets;

/// <summary>Counts the values of one facet over every product of a result.</summary>
internal abstract class FacetCounter(string name)
{
    public string Name { get; } = name;

    public static FacetCounter Create(string name, SearchQuery query, IndexTables tables) => name.Trim().ToUpperInvariant() switch
    {
        "CATEGORY" => new KeywordFacet(name, tables.Categories, columns => columns.Categories),
        "BRAND" => new KeywordFacet(name, tables.Brands, columns => columns.Brands),
        "STORE_ID" => new KeywordFacet(name, tables.Stores, columns => columns.Stores),
        "PRICE" => new PriceFacet(name, tables.Currencies.Find(query.Currency)),
        _ => new SpecificationFacet(name, tables.Specifications),
    };

    /// <summary>Takes the segment that the next products are of.</summary>
    public abstract void Open(ProductColumns columns);

    public abstract void Count(int doc);

    /// <summary>The most frequent values; gives its memory back.</summary>
    public abstract Facet Take(int limit);

    protected static List<FacetValue> Top(IEnumerable<FacetValue> values, int limit) =>
        [.. values.OrderByDescending(v => v.Count).ThenBy(v => v.Value, StringComparer.Ordinal).Take(limit)];

    private sealed class KeywordFacet(string name, KeywordTable table, Func<ProductColumns, int[]> column) : FacetCounter(name)
    {
        private readonly int _size = table.Count;
        private readonly int[] _counts = Rent(table.Count);
        private int[] _values = [];

        public override void Open(ProductColumns columns) => _values = column(columns);

        public override void Count(int doc) => _counts[_values[doc]]++;

        public override Facet Take(int limit)
        {
            var counts = _counts;
            var facet = new Facet(Name, Top(Enumerable.Range(1, _size - 1).Where(id => counts[id] > 0).Select(id => new FacetValue(table.Shown(id), counts[id])), limit));
            ArrayPool<int>.Shared.Return(_counts);
            return facet;
        }
    }

    private sealed class SpecificationFacet(string name, SpecificationTable table) : FacetCounter(name)
    {
        private readonly int _size = table.Count;
        private readonly int[] _counts = Rent(table.Count);
        private ProductColumns? _columns;

        public override void Open(ProductColumns columns) => _columns = columns;

        public override void Count(int doc)
        {
            foreach (var pair in _columns!.SpecificationsOf(doc))
            {
                _counts[pair]++;
            }
        }

        public override Facet Take(int limit)
        {
            var counts = _counts;
            var wanted = table.Names.Find(Name);
            var facet = new Facet(Name, Top(
                Enumerable.Range(0, _size).Where(pair => counts[pair] > 0 && table.NameOf(pair) == wanted).Select(pair => new FacetValue(table.ValueOf(pair), counts[pair])), limit));
            ArrayPool<int>.Shared.Return(_counts);
            return facet;
        }
    }

    private static int[] Rent(int size)
    {
        var counts = ArrayPool<int>.Shared.Rent(size);
        Array.Clear(counts, 0, size);
        return counts;
    }
}
