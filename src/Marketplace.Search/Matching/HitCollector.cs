using Marketplace.Search.Facets;
using Marketplace.Search.Querying;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>Takes what matched, window by window: filters and counts it, counts its facets, and keeps the best of it.</summary>
internal sealed class HitCollector
{
    private const double NoKey = -1e300;

    /// <summary>Products that are looked at together: what is known of them stays in the processor's first cache from one look to the next.</summary>
    private const int Block = 256;

    /// <summary>Products whose rank is worked out together.</summary>
    private const int Likely = 16;

    private readonly SearchSort _sort;
    private readonly ProductFilter _filter;
    private readonly RankingOptions _ranking;
    private readonly IReadOnlyList<FacetCounter> _facets;
    private readonly int _currency;
    private readonly float _maxPrior;
    private readonly float _allIdf;
    private readonly TopHits _top;
    private readonly (int Doc, float ByWords)[] _likely = new (int, float)[Likely];

    public HitCollector(SegmentView[] segments, QueryPlan plan, SearchQuery query, in ProductFilter filter, int keep, RankingOptions ranking, IReadOnlyList<FacetCounter> facets, int currency)
    {
        (_sort, _filter, _ranking, _facets, _currency) = (query.Sort, filter, ranking, facets, currency);
        _maxPrior = ranking.MaxPrior;
        _top = new TopHits(segments, keep);
        foreach (var word in plan.Words)
        {
            _allIdf += word.Idf;
        }
    }

    public long Total { get; private set; }

    public MatchResult Take() => new(Total, _top.Take(), _facets);

    public void Open(Segment segment)
    {
        foreach (var facet in _facets)
        {
            facet.Open(segment);
        }
    }

    /// <param name="docs">The window's products that matched; those that pass the filter are moved to the front.</param>
    /// <param name="direct">The segment's products that go first whatever their words are, ascending.</param>
    public void Collect(SegmentView view, int index, Span<int> docs, ReadOnlySpan<WordCursor> words, ReadOnlySpan<int> direct)
    {
        var columns = view.Segment.Columns;
        docs = _filter.PassesAll ? docs : Filter(columns.Facts, docs);
        Total += docs.Length;
        if (_facets.Count > 0)
        {
            Count(view.Segment.FacetKeys.All, docs);
        }

        if (_sort == SearchSort.Relevance)
        {
            Rank(columns, index, OfferDirect(columns, index, docs, words, direct), words);
            return;
        }

        foreach (var doc in docs)
        {
            var score = Score(words, doc & Window.Mask) * Prior(columns.Facts[doc]);
            score += direct.BinarySearch(doc) >= 0 ? RankingOptions.DirectHit : 0;
            var key = Key(columns, doc, score);
            if (key >= _top.Threshold)
            {
                _top.Offer(new RankedHit(key, score, index, doc, columns.Timestamps[doc]));
            }
        }
    }

    /// <summary>Takes the window's products that go first out of those that are ranked by their words.</summary>
    private Span<int> OfferDirect(ProductColumns columns, int index, Span<int> docs, ReadOnlySpan<WordCursor> words, ReadOnlySpan<int> direct)
    {
        if (direct.IsEmpty || docs.IsEmpty || direct[^1] < docs[0] || direct[0] > docs[^1])
        {
            return docs;
        }

        var others = 0;
        foreach (var doc in docs)
        {
            if (direct.BinarySearch(doc) < 0)
            {
                docs[others++] = doc;
                continue;
            }

            var score = (Score(words, doc & Window.Mask) * Prior(columns.Facts[doc])) + RankingOptions.DirectHit;
            _top.Offer(new RankedHit(score, score, index, doc, columns.Timestamps[doc]));
        }

        return docs[..others];
    }

    private void Count(FacetKey[] keys, ReadOnlySpan<int> docs)
    {
        while (!docs.IsEmpty)
        {
            var block = docs[..Math.Min(Block, docs.Length)];
            docs = docs[block.Length..];

            // Those that come next, while these are counted.
            Ask(keys, docs[..Math.Min(Block, docs.Length)]);
            foreach (var facet in _facets)
            {
                facet.Count(block);
            }
        }
    }

    private static void Ask<T>(T[] column, ReadOnlySpan<int> docs)
        where T : unmanaged
    {
        foreach (var doc in docs)
        {
            Prefetch.Of(ref column[doc]);
        }
    }

    private Span<int> Filter(ProductFacts[] facts, Span<int> docs)
    {
        var count = 0;
        for (var start = 0; start < docs.Length; start += Block)
        {
            var block = docs.Slice(start, Math.Min(Block, docs.Length - start));
            Ask(facts, block);
            foreach (var doc in block)
            {
                docs[count] = doc;
                count += _filter.Passes(facts[doc]) ? 1 : 0;
            }
        }

        return docs[..count];
    }

    private void Rank(ProductColumns columns, int index, ReadOnlySpan<int> docs, ReadOnlySpan<WordCursor> words)
    {
        var (frequencies, least) = words.Length == 1 ? (words[0].Window.Frequencies, LeastFrequency(words[0].Idf)) : (null, 0);
        var likely = 0;

        // From the back: there are the newer ones, which of equal hits go first.
        for (var i = docs.Length - 1; i >= 0; i--)
        {
            var doc = docs[i];
            if (frequencies is not null && frequencies[doc & Window.Mask] < least)
            {
                continue;
            }

            // Most products cannot get in whatever is known of them beside their words. Of the others that is asked for together.
            var byWords = Score(words, doc & Window.Mask);
            if (byWords * _maxPrior >= _top.Threshold)
            {
                Prefetch.Of(ref columns.Facts[doc]);
                Prefetch.Of(ref columns.Timestamps[doc]);
                _likely[likely++] = (doc, byWords);
                if (likely == _likely.Length)
                {
                    Offer(columns, index, likely);
                    likely = 0;
                    least = frequencies is null ? 0 : LeastFrequency(words[0].Idf);
                }
            }
        }

        Offer(columns, index, likely);
    }

    private void Offer(ProductColumns columns, int index, int likely)
    {
        foreach (var (doc, byWords) in _likely.AsSpan(0, likely))
        {
            var score = byWords * Prior(columns.Facts[doc]);
            if (score >= _top.Threshold)
            {
                _top.Offer(new RankedHit(score, score, index, doc, columns.Timestamps[doc]));
            }
        }
    }

    /// <summary>The frequency below which a product that has the only word cannot get in; a little less than that, for rounding.</summary>
    private float LeastFrequency(float idf)
    {
        var least = (float)(_top.Threshold / _maxPrior) * 0.999f;
        return Bm25.FrequencyFor(least, idf, _ranking.Saturation);
    }

    private float Prior(in ProductFacts facts) => _ranking.Prior(facts.Stock, facts.Popularity);

    private float Score(ReadOnlySpan<WordCursor> words, int slot)
    {
        float score = 0, found = 0;
        var saturation = _ranking.Saturation;
        foreach (var word in words)
        {
            if ((word.Window.Bits[slot >> 6] & (1UL << slot)) != 0)
            {
                score += Bm25.Score(word.Idf, word.Window.Frequencies[slot], saturation);
                found += word.Idf;
            }
        }

        return _allIdf > 0 ? score * found / _allIdf : 1;
    }

    private double Key(ProductColumns columns, int doc, float score) => _sort switch
    {
        SearchSort.Newest => columns.Timestamps[doc],
        SearchSort.Popularity => columns.Facts[doc].Popularity,
        SearchSort.PriceAscending => Price(columns.Facts[doc]) is { } price ? -price : NoKey,
        SearchSort.PriceDescending => Price(columns.Facts[doc]) ?? NoKey,
        _ => score,
    };

    private double? Price(in ProductFacts facts) => facts.Price == ProductColumns.NoPrice || facts.Currency != _currency ? null : facts.Price;
}
