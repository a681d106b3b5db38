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
        "CATEGORY" => new KeywordFacet<CategoryOf>(name, tables.Categories),
        "BRAND" => new KeywordFacet<BrandOf>(name, tables.Brands),
        "STORE_ID" => new KeywordFacet<StoreOf>(name, tables.Stores),
        "PRICE" => new PriceFacet(name, tables.Currencies.Find(query.Currency)),
        _ => new SpecificationFacet(name, tables.Specifications),
    };

    /// <summary>Takes the segment that the next products are of.</summary>
    public abstract void Open(Segment segment);

    public abstract void Count(ReadOnlySpan<int> docs);

    /// <summary>Adds what another counter of the same facet has counted, and gives that one's memory back.</summary>
    public abstract void Add(FacetCounter other);

    /// <summary>The most frequent values; gives its memory back.</summary>
    public abstract Facet Take(int limit);

    /// <summary>The most frequent of the counted values, equal ones by their text.</summary>
    private static List<FacetValue> Top(ReadOnlySpan<int> counts, Func<int, string?> textOf, int limit)
    {
        var top = new List<FacetValue>(limit + 1);
        for (var id = 0; id < counts.Length; id++)
        {
            if (counts[id] == 0 || (top.Count == limit && counts[id] < top[^1].Count) || textOf(id) is not { } text)
            {
                continue;
            }

            var at = top.Count;
            while (at > 0 && (top[at - 1].Count < counts[id] || (top[at - 1].Count == counts[id] && string.CompareOrdinal(top[at - 1].Value, text) > 0)))
            {
                at--;
            }

            top.Insert(at, new FacetValue(text, counts[id]));
            if (top.Count > limit)
            {
                top.RemoveAt(limit);
            }
        }

        return top;
    }

    /// <summary>Which keyword of a product is counted: a type, so that each has a loop of its own.</summary>
    private interface IKeyword
    {
        /// <summary><see cref="FacetKey.Large"/> where only the facts have it.</summary>
        static abstract int Of(in FacetKey key);

        static abstract int Of(in ProductFacts facts);
    }

    private readonly struct CategoryOf : IKeyword
    {
        public static int Of(in FacetKey key) => key.Category;

        public static int Of(in ProductFacts facts) => facts.Category;
    }

    private readonly struct BrandOf : IKeyword
    {
        public static int Of(in FacetKey key) => key.Brand;

        public static int Of(in ProductFacts facts) => facts.Brand;
    }

    private readonly struct StoreOf : IKeyword
    {
        public static int Of(in FacetKey key) => FacetKey.Large;

        public static int Of(in ProductFacts facts) => facts.Store;
    }

    private sealed class KeywordFacet<TKeyword>(string name, KeywordTable table) : FacetCounter(name)
        where TKeyword : struct, IKeyword
    {
        private readonly int _size = table.Count;
        private readonly int[] _counts = Rent(table.Count);
        private FacetKey[] _keys = [];
        private ProductFacts[] _facts = [];

        public override void Open(Segment segment) => (_keys, _facts) = (segment.FacetKeys.All, segment.Columns.Facts);

        public override void Count(ReadOnlySpan<int> docs)
        {
            var counts = _counts;
            var keys = _keys;
            foreach (var doc in docs)
            {
                var keyword = TKeyword.Of(keys[doc]);
                counts[keyword < FacetKey.Large ? keyword : TKeyword.Of(_facts[doc])]++;
            }
        }

        public override void Add(FacetCounter other) => Move(((KeywordFacet<TKeyword>)other)._counts, _counts.AsSpan(0, _size));

        public override Facet Take(int limit)
        {
            var facet = new Facet(Name, Top(_counts.AsSpan(0, _size), id => id == 0 ? null : table.Shown(id), limit));
            ArrayPool<int>.Shared.Return(_counts);
            return facet;
        }
    }

    private sealed class SpecificationFacet(string name, SpecificationTable table) : FacetCounter(name)
    {
        private readonly int _size = table.Count;
        private readonly int[] _counts = Rent(table.Count);
        private ProductColumns? _columns;

        public override void Open(Segment segment) => _columns = segment.Columns;

        public override void Count(ReadOnlySpan<int> docs)
        {
            foreach (var doc in docs)
            {
                foreach (var pair in _columns!.SpecificationsOf(doc))
                {
                    _counts[pair]++;
                }
            }
        }

        public override void Add(FacetCounter other) => Move(((SpecificationFacet)other)._counts, _counts.AsSpan(0, _size));

        public override Facet Take(int limit)
        {
            var wanted = table.Names.Find(Name);
            var facet = new Facet(Name, Top(_counts.AsSpan(0, _size), pair => table.NameOf(pair) == wanted ? table.ValueOf(pair) : null, limit));
            ArrayPool<int>.Shared.Return(_counts);
            return facet;
        }
    }

    private static void Move(int[] from, Span<int> to)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }

        ArrayPool<int>.Shared.Return(from);
    }

    private static int[] Rent(int size)
    {
        var counts = ArrayPool<int>.Shared.Rent(size);
        Array.Clear(counts, 0, size);
        return counts;
    }
}
