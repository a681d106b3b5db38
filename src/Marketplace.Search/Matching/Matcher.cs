using System.Numerics;
using Marketplace.Search.Facets;
using Marketplace.Search.Querying;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>All that matched: how many, the best of them, and their facets counted.</summary>
internal sealed record MatchResult(long Total, List<RankedHit> Top);

/// <summary>
/// Carries a plan out, segment by segment in windows of <see cref="Window.Size"/> products: each word marks what it finds, and
/// the marks are combined 64 products at a time. One instance serves one query at a time.
/// </summary>
internal sealed class Matcher
{
    private const double NoKey = -1e300;

    private readonly List<WordCursor> _pool = [];
    private readonly ulong[] _candidates = new ulong[Window.Words];

    /// <param name="needed">How many of the words that are not optional a product must have.</param>
    public MatchResult Match(
        SegmentView[] segments, QueryPlan plan, int needed, SearchQuery query, in ProductFilter filter, int keep,
        RankingOptions ranking, IReadOnlyList<FacetCounter> facets, int currency, CancellationToken cancellationToken)
    {
        var top = new TopHits(segments, keep);
        var run = new Run(plan, needed, query.Sort, filter, ranking, facets, currency, top);
        for (var i = 0; i < segments.Length && filter.CanPass; i++)
        {
            MatchSegment(segments[i], i, run, cancellationToken);
        }

        foreach (var cursor in _pool)
        {
            cursor.Close();
        }

        return new MatchResult(run.Total, top.Take());
    }

    private void MatchSegment(SegmentView view, int index, Run run, CancellationToken cancellationToken)
    {
        var plan = run.Plan;
        var words = Open(plan.Words, view.Segment, 0);
        var excluded = Open(plan.Excluded, view.Segment, plan.Words.Count);
        var direct = plan.Direct.Where(d => d.Segment == index).Select(d => d.Doc).Order().ToArray();
        var nextDirect = 0;
        foreach (var facet in run.Facets)
        {
            facet.Open(view.Segment.Columns);
        }

        var next = new int[Math.Max(1, plan.Required)];
        for (var start = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var target = plan.MatchesAll ? start : NextCandidate(plan, words, run.Needed, next);
            while (nextDirect < direct.Length && direct[nextDirect] < start)
            {
                nextDirect++;
            }

            // A word that was asked about few products only may not have come as far as this.
            target = Math.Max(target, start);
            target = nextDirect < direct.Length ? Math.Min(target, direct[nextDirect]) : target;
            if (target >= view.Segment.Count)
            {
                return;
            }

            start = target & ~Window.Mask;
            var end = start + Window.Size;
            Fill(words, start, end);
            Fill(excluded, start, end);
            Combine(plan, words, excluded, run.Needed);
            for (; nextDirect < direct.Length && direct[nextDirect] < end; nextDirect++)
            {
                var bit = direct[nextDirect] & Window.Mask;
                _candidates[bit >> 6] |= 1UL << bit;
            }

            Clip(view, start);
            Collect(view, index, start, words, direct, run);
            start = end;
        }
    }

    private Span<WordCursor> Open(IReadOnlyList<PlanWord> words, Segment segment, int from)
    {
        while (_pool.Count < from + words.Count)
        {
            _pool.Add(new WordCursor());
        }

        for (var i = 0; i < words.Count; i++)
        {
            _pool[from + i].Open(words[i], segment);
        }

        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pool).Slice(from, words.Count);
    }

    /// <summary>The first product that enough words can still match.</summary>
    private static int NextCandidate(QueryPlan plan, ReadOnlySpan<WordCursor> words, int needed, int[] next)
    {
        var count = 0;
        var phrases = 0;
        for (var i = 0; i < words.Length; i++)
        {
            if (!plan.Words[i].IsOptional)
            {
                next[count++] = words[i].Next;
                phrases = plan.Words[i].IsPhrase ? Math.Max(phrases, words[i].Next) : phrases;
            }
        }

        if (count == 0 || needed > count)
        {
            return PostingsCursor.End;
        }

        next.AsSpan(0, count).Sort();
        return Math.Max(phrases, next[Math.Max(needed, 1) - 1]);
    }

    private static void Fill(ReadOnlySpan<WordCursor> words, int start, int end)
    {
        foreach (var word in words)
        {
            word.AdvanceTo(start);
            word.Fill(end);
        }
    }

    private void Combine(QueryPlan plan, ReadOnlySpan<WordCursor> words, ReadOnlySpan<WordCursor> excluded, int needed)
    {
        Array.Fill(_candidates, plan.MatchesAll || plan.Words.Count > 0 ? ulong.MaxValue : 0);
        if (needed >= plan.Required)
        {
            for (var w = 0; w < words.Length; w++)
            {
                if (!plan.Words[w].IsOptional)
                {
                    And(words[w].Window.Bits);
                }
            }
        }
        else
        {
            for (var i = 0; i < Window.Words; i++)
            {
                _candidates[i] = AtLeast(plan, words, needed, i);
            }
        }

        foreach (var word in excluded)
        {
            for (var i = 0; i < Window.Words; i++)
            {
                _candidates[i] &= ~word.Window.Bits[i];
            }
        }
    }

    private void And(ulong[] bits)
    {
        for (var i = 0; i < Window.Words; i++)
        {
            _candidates[i] &= bits[i];
        }
    }

    /// <summary>Which of 64 products have that many words and every phrase. Counts them all at once, a bit of the counts a word.</summary>
    private static ulong AtLeast(QueryPlan plan, ReadOnlySpan<WordCursor> words, int needed, int i)
    {
        ulong ones = 0, twos = 0, fours = 0, eights = 0, sixteens = 0, phrases = ulong.MaxValue;
        for (var w = 0; w < words.Length; w++)
        {
            if (plan.Words[w].IsOptional)
            {
                continue;
            }

            var carry = words[w].Window.Bits[i];
            phrases &= plan.Words[w].IsPhrase ? carry : ulong.MaxValue;
            (ones, carry) = (ones ^ carry, ones & carry);
            (twos, carry) = (twos ^ carry, twos & carry);
            (fours, carry) = (fours ^ carry, fours & carry);
            (eights, carry) = (eights ^ carry, eights & carry);
            sixteens |= carry;
        }

        // count >= needed, compared from the highest bit down.
        ulong greater = 0, equal = ulong.MaxValue;
        Compare(sixteens, 16);
        Compare(eights, 8);
        Compare(fours, 4);
        Compare(twos, 2);
        Compare(ones, 1);
        return (greater | equal) & phrases;

        void Compare(ulong bits, int value)
        {
            if ((needed & value) == 0)
            {
                greater |= equal & bits;
                equal &= ~bits;
            }
            else
            {
                equal &= bits;
            }
        }
    }

    private void Clip(SegmentView view, int start)
    {
        var deleted = view.Deleted;
        var count = view.Segment.Count;
        for (var i = 0; i < Window.Words; i++)
        {
            var doc = start + (i * 64);
            if (doc + 64 > count)
            {
                _candidates[i] = doc >= count ? 0 : _candidates[i] & ((1UL << (count - doc)) - 1);
            }

            if (deleted is not null && doc < count)
            {
                _candidates[i] &= ~deleted[doc >> 6];
            }
        }
    }

    private void Collect(SegmentView view, int index, int start, ReadOnlySpan<WordCursor> words, int[] direct, Run run)
    {
        var columns = view.Segment.Columns;
        var everything = run.Filter.PassesAll;
        for (var i = 0; i < Window.Words; i++)
        {
            for (var bits = _candidates[i]; bits != 0; bits &= bits - 1)
            {
                var slot = (i * 64) + BitOperations.TrailingZeroCount(bits);
                var doc = start + slot;
                if (!everything && !run.Filter.Passes(columns, doc))
                {
                    continue;
                }

                run.Total++;
                foreach (var facet in run.Facets)
                {
                    facet.Count(doc);
                }

                var score = Score(words, slot, columns, doc, run);
                if (direct.Length > 0 && Array.BinarySearch(direct, doc) >= 0)
                {
                    score += RankingOptions.DirectHit;
                }

                var key = Key(columns, doc, score, run);
                if (key >= run.Top.Threshold)
                {
                    run.Top.Offer(new RankedHit(key, score, index, doc));
                }
            }
        }
    }

    private static float Score(ReadOnlySpan<WordCursor> words, int slot, ProductColumns columns, int doc, Run run)
    {
        float score = 0, found = 0, all = 0;
        var saturation = run.Ranking.Saturation;
        foreach (var word in words)
        {
            all += word.Idf;
            if ((word.Window.Bits[slot >> 6] & (1UL << slot)) != 0)
            {
                var frequency = word.Window.Frequencies[slot];
                score += word.Idf * frequency / (saturation + frequency);
                found += word.Idf;
            }
        }

        score = all > 0 ? score * found / all : 1;
        return score * run.Ranking.Prior(columns.Stock[doc], columns.Popularity[doc]);
    }

    private static double Key(ProductColumns columns, int doc, float score, Run run) => run.Sort switch
    {
        SearchSort.Newest => columns.Timestamps[doc],
        SearchSort.Popularity => columns.Popularity[doc],
        SearchSort.PriceAscending => Price(columns, doc, run.Currency) is { } price ? -price : NoKey,
        SearchSort.PriceDescending => Price(columns, doc, run.Currency) ?? NoKey,
        _ => score,
    };

    private static double? Price(ProductColumns columns, int doc, int currency) =>
        columns.Prices[doc] == ProductColumns.NoPrice || columns.Currencies[doc] != currency ? null : columns.Prices[doc];

    private sealed class Run(
        QueryPlan plan, int needed, SearchSort sort, ProductFilter filter, RankingOptions ranking, IReadOnlyList<FacetCounter> facets, int currency, TopHits top)
    {
        public readonly QueryPlan Plan = plan;
        public readonly int Needed = needed;
        public readonly SearchSort Sort = sort;
        public readonly ProductFilter Filter = filter;
        public readonly RankingOptions Ranking = ranking;
        public readonly IReadOnlyList<FacetCounter> Facets = facets;
        public readonly int Currency = currency;
        public readonly TopHits Top = top;
        public long Total;
    }
}
