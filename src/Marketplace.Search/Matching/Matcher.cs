using System.Runtime.InteropServices;
using Marketplace.Search.Facets;
using Marketplace.Search.Querying;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>All that matched: how many, the best of them, and their facets counted.</summary>
internal sealed record MatchResult(long Total, List<RankedHit> Top, IReadOnlyList<FacetCounter> Facets)
{
    /// <summary>Together with what matched in other segments.</summary>
    /// <param name="keep">How many of the best.</param>
    public MatchResult With(MatchResult other, IComparer<RankedHit> order, int keep)
    {
        Top.AddRange(other.Top);
        Top.Sort(order);
        Top.RemoveRange(Math.Min(keep, Top.Count), Math.Max(0, Top.Count - keep));
        for (var i = 0; i < Facets.Count; i++)
        {
            Facets[i].Add(other.Facets[i]);
        }

        return this with { Total = Total + other.Total };
    }
}

/// <summary>
/// Carries a plan out, segment by segment in windows of <see cref="Window.Size"/> products: each word marks what it finds, and
/// the marks are combined 64 products at a time. One instance serves one query at a time.
/// </summary>
internal sealed class Matcher
{
    private const int MaxWords = QueryParser.MaxChunks * 2;

    private readonly List<WordCursor> _pool = [];
    private readonly int[] _order = new int[MaxWords];
    private readonly int[] _next = new int[MaxWords];
    private readonly Candidates _candidates = new();
    private int _products;

    /// <param name="ranges">What to look at; taken until nothing is left.</param>
    /// <param name="needed">How many of the words that are not optional a product must have.</param>
    public MatchResult Match(
        SegmentView[] segments, SegmentRanges ranges, QueryPlan plan, int needed, SearchQuery query, in ProductFilter filter, int keep,
        RankingOptions ranking, IReadOnlyList<FacetCounter> facets, int currency, CancellationToken cancellationToken)
    {
        var hits = new HitCollector(segments, plan, query, filter, keep, ranking, facets, currency);
        while (filter.CanPass && hits.Total < query.Effort && ranges.TryTake(out var range))
        {
            MatchRange(segments[range.Segment], range, plan, needed, query.Effort, hits, cancellationToken);
        }

        foreach (var cursor in _pool)
        {
            cursor.Close();
        }

        return hits.Take();
    }

    private void MatchRange(SegmentView view, in SegmentRange range, QueryPlan plan, int needed, int effort, HitCollector hits, CancellationToken cancellationToken)
    {
        _products = view.Segment.Count;
        var words = Open(plan.Words, view.Segment, 0);
        var excluded = Open(plan.Excluded, view.Segment, plan.Words.Length);
        var required = RarestFirst(plan, words);
        var index = range.Segment;
        var direct = plan.Direct.Count == 0 ? [] : plan.Direct.Where(d => d.Segment == index).Select(d => d.Doc).Order().ToArray();
        var nextDirect = 0;
        hits.Open(view.Segment);
        foreach (var word in words)
        {
            word.AdvanceTo(range.From);
        }

        for (var start = range.From; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (nextDirect < direct.Length && direct[nextDirect] < start)
            {
                nextDirect++;
            }

            // A word that was asked about few products only may not have come as far as this.
            var target = Math.Max(start, plan.MatchesAll ? start : NextCandidate(plan, words, required, needed));
            target = nextDirect < direct.Length ? Math.Min(target, direct[nextDirect]) : target;
            if (target >= range.To || hits.Total >= effort)
            {
                return;
            }

            start = target & ~Window.Mask;
            var end = start + Window.Size;
            FillAndCombine(plan, words, required, excluded, needed, start, all: nextDirect < direct.Length && direct[nextDirect] < end);
            for (; nextDirect < direct.Length && direct[nextDirect] < end; nextDirect++)
            {
                _candidates.Add(direct[nextDirect]);
            }

            _candidates.Clip(view, start);
            hits.Collect(view, index, _candidates.Docs(start), words, direct);
            start = end;
        }
    }

    private Span<WordCursor> Open(PlanWord[] words, Segment segment, int from)
    {
        while (_pool.Count < from + words.Length)
        {
            _pool.Add(new WordCursor());
        }

        for (var i = 0; i < words.Length; i++)
        {
            _pool[from + i].Open(words[i], segment);
        }

        return CollectionsMarshal.AsSpan(_pool).Slice(from, words.Length);
    }

    /// <summary>The words that are not optional, the rarest in this segment first.</summary>
    private ReadOnlySpan<int> RarestFirst(QueryPlan plan, ReadOnlySpan<WordCursor> words)
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

    /// <summary>The first product that enough words can still match.</summary>
    private int NextCandidate(QueryPlan plan, ReadOnlySpan<WordCursor> words, ReadOnlySpan<int> required, int needed)
    {
        if (required.IsEmpty || needed > required.Length)
        {
            return PostingsCursor.End;
        }

        var phrases = 0;
        var rare = PostingsCursor.End;
        for (var i = 0; i < required.Length; i++)
        {
            var word = required[i];
            _next[i] = words[word].Next;
            phrases = plan.Words[word].IsPhrase ? Math.Max(phrases, _next[i]) : phrases;
            rare = i < QueryPlan.Leading(required.Length, needed) ? Math.Min(rare, _next[i]) : rare;
        }

        var next = _next.AsSpan(0, required.Length);
        next.Sort();
        return Math.Max(Math.Max(phrases, rare), next[Math.Max(needed, 1) - 1]);
    }

    /// <summary>
    /// Marks in the window which products match. The rarest words go first: where they leave few, the others look only at those.
    /// </summary>
    /// <param name="all">Whether each word is looked for in every product: the window has one that is found whatever its words are.</param>
    private void FillAndCombine(
        QueryPlan plan, ReadOnlySpan<WordCursor> words, ReadOnlySpan<int> required, ReadOnlySpan<WordCursor> excluded, int needed, int start, bool all)
    {
        var left = Window.Size;
        if (needed >= plan.Required)
        {
            if (required.IsEmpty)
            {
                _candidates.Fill(plan.MatchesAll || plan.Words.Length > 0);
            }

            for (var i = 0; i < required.Length && (all || left > 0); i++)
            {
                var word = words[required[i]];
                Fill(word, start, all ? Window.Size : left);
                left = i == 0 ? _candidates.Set(word.Window.Bits) : _candidates.Keep(word.Window.Bits);
            }
        }
        else
        {
            _candidates.Fill(all: false);
            for (var i = 0; i < required.Length; i++)
            {
                var word = words[required[i]];
                var isLeading = i < QueryPlan.Leading(required.Length, needed);
                Fill(word, start, isLeading || all ? Window.Size : _candidates.Count());
                if (isLeading)
                {
                    _candidates.Add(word.Window.Bits);
                }
            }

            left = _candidates.KeepAtLeast(plan.Words, words, required, needed);
        }

        if (left == 0 && !all)
        {
            return;
        }

        left = all ? Window.Size : left;
        foreach (var word in excluded)
        {
            Fill(word, start, left);
            _candidates.Remove(word.Window.Bits);
        }

        for (var w = 0; w < words.Length; w++)
        {
            if (plan.Words[w].IsOptional)
            {
                Fill(words[w], start, left);
            }
        }
    }

    private void Fill(WordCursor word, int start, int candidates)
    {
        if (word.IsCheaperAt(candidates, _products))
        {
            word.FillAt(start, _candidates.Bits);
            return;
        }

        word.AdvanceTo(start);
        word.Fill(start + Window.Size);
    }
}
