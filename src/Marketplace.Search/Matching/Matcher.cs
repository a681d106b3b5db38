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

    private const int MaxWords = QueryParser.MaxChunks * 2;

    private readonly List<WordCursor> _pool = [];
    private readonly int[] _order = new int[MaxWords];
    private int _products;
    private readonly ulong[] _candidates = new ulong[Window.Words];

    /// <param name="needed">How many of the words that are not optional a product must have.</param>
    public MatchResult Match(
        SegmentView[] segments, QueryPlan plan, int needed, SearchQuery query, in ProductFilter filter, int keep,
        RankingOptions ranking, IReadOnlyList<FacetCounter> facets, int currency, CancellationToken cancellationToken)
    {
        var top = new TopHits(segments, keep);
        var run = new Run(plan, needed, query.Sort, filter, ranking, facets, currency, top) { Effort = query.Effort };
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
        _products = view.Segment.Count;
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
            if (target >= view.Segment.Count || run.Total >= run.Effort)
            {
                return;
            }

            start = target & ~Window.Mask;
            var end = start + Window.Size;
            FillAndCombine(plan, words, excluded, run.Needed, start, all: nextDirect < direct.Length && direct[nextDirect] < end);
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

    /// <summary>
    /// Marks in the window which products match. The rarest word goes first: where it leaves few, the others look only at those.
    /// </summary>
    /// <param name="all">Whether each word is looked for in every product: the window has one that is found whatever its words are.</param>
    private void FillAndCombine(QueryPlan plan, ReadOnlySpan<WordCursor> words, ReadOnlySpan<WordCursor> excluded, int needed, int start, bool all)
    {
        Array.Fill(_candidates, plan.MatchesAll || plan.Words.Count > 0 ? ulong.MaxValue : 0);
        if (needed >= plan.Required)
        {
            var left = Window.Size;
            foreach (var w in Order(plan, words))
            {
                Fill(words[w], start, left);
                And(words[w].Window.Bits);
                left = all ? Window.Size : CountCandidates();
            }
        }
        else
        {
            foreach (var w in Order(plan, words))
            {
                Fill(words[w], start, Window.Size);
            }

            for (var i = 0; i < Window.Words; i++)
            {
                _candidates[i] = AtLeast(plan, words, needed, i);
            }
        }

        var candidates = all ? Window.Size : CountCandidates();
        foreach (var word in excluded)
        {
            Fill(word, start, candidates);
            for (var i = 0; i < Window.Words; i++)
            {
                _candidates[i] &= ~word.Window.Bits[i];
            }
        }

        for (var w = 0; w < words.Length; w++)
        {
            if (plan.Words[w].IsOptional)
            {
                Fill(words[w], start, candidates);
            }
        }
    }

    /// <summary>The words that are not optional, the rarest in this segment first.</summary>
    private ReadOnlySpan<int> Order(QueryPlan plan, ReadOnlySpan<WordCursor> words)
    {
        var count = 0;
        for (var w = 0; w < words.Length; w++)
        {
            if (!plan.Words[w].IsOptional)
            {
                var at = count++;
                for (; at > 0 && words[_order[at - 1]].Count > words[w].Count; at--)
                {
                    _order[at] = _order[at - 1];
                }

                _order[at] = w;
            }
        }

        return _order.AsSpan(0, count);
    }

    private void Fill(WordCursor word, int start, int candidates)
    {
        if (word.IsCheaperAt(candidates, _products))
        {
            word.FillAt(start, _candidates);
            return;
        }

        word.AdvanceTo(start);
        word.Fill(start + Window.Size);
    }

    private int CountCandidates()
    {
        var count = 0;
        foreach (var bits in _candidates)
        {
            count += BitOperations.PopCount(bits);
        }

        return count;
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
        if (run.Filter.PassesAll)
        {
            run.Total += CountCandidates();
        }
        else
        {
            FilterCandidates(run, columns, start);
        }

        foreach (var facet in run.Facets)
        {
            facet.Count(start, _candidates);
        }

        var everyScore = run.Sort != SearchSort.Relevance || direct.Length > 0;
        for (var i = 0; i < Window.Words; i++)
        {
            for (var bits = _candidates[i]; bits != 0; bits &= bits - 1)
            {
                var slot = (i * 64) + BitOperations.TrailingZeroCount(bits);
                var doc = start + slot;

                // Most products cannot get in whatever is known of them beside their words.
                var byWords = Score(words, slot, run);
                if (!everyScore && byWords * run.MaxPrior < run.Top.Threshold)
                {
                    continue;
                }

                var score = byWords * run.Ranking.Prior(columns.Stock[doc], columns.Popularity[doc]);
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

    private void FilterCandidates(Run run, ProductColumns columns, int start)
    {
        for (var i = 0; i < Window.Words; i++)
        {
            for (var bits = _candidates[i]; bits != 0; bits &= bits - 1)
            {
                if (!run.Filter.Passes(columns, start + (i * 64) + BitOperations.TrailingZeroCount(bits)))
                {
                    _candidates[i] &= ~(bits & (~bits + 1));
                }
            }

            run.Total += BitOperations.PopCount(_candidates[i]);
        }
    }

    private static float Score(ReadOnlySpan<WordCursor> words, int slot, Run run)
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

        return all > 0 ? score * found / all : 1;
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
        public readonly float MaxPrior = ranking.MaxPrior;
        public int Effort;
        public long Total;
    }
}
