using Marketplace.Search.Analysis;
using Marketplace.Search.Facets;
using Marketplace.Search.Highlighting;
using Marketplace.Search.Matching;
using Marketplace.Search.Ranking;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Querying;

/// <summary>Answers one query: plan, match (read in other ways where that finds too little), rerank, show.</summary>
internal sealed class QueryExecution(SearchSnapshot snapshot, SegmentView[] segments, SearchQuery query, SearchScratch scratch)
{
    private const int MaxDirect = 100;
    private const int MaxLooked = 10_000;

    private readonly RankingOptions _ranking = snapshot.Options.Ranking;
    private readonly ProductFilter _filter = new(query, snapshot.Tables);

    public SearchResult Run(CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset);
        SharedRun.Begin();
        try
        {
            return Answer(cancellationToken);
        }
        finally
        {
            SharedRun.End();
        }
    }

    private SearchResult Answer(CancellationToken cancellationToken)
    {
        var planner = snapshot.Planner();
        var reading = new QueryReading(planner, _ranking, scratch.Tokenizer)
            .Read(query.Text, FindDirect(), (plan, needed) => Match(plan, needed, query.Facets, cancellationToken), found => found.Total, AsTyped);
        var plan = reading.Plan;
        var hits = reading.Found.Top;
        if (query.Sort == SearchSort.Relevance && plan.Words.Length > 0)
        {
            hits = new Reranker(snapshot.Tables, segments, plan, _ranking, scratch.Tokenizer).Rerank(hits, InTypedForm(planner, reading, cancellationToken), (int)Math.Min((long)query.Offset + query.Limit, int.MaxValue));
        }

        var highlighter = query.Highlight ? new Highlighter(plan, snapshot.Tables.Terms, scratch.Tokenizer) : null;
        return new SearchResult
        {
            Total = reading.Found.Total,
            Hits = [.. hits.Skip(query.Offset).Take(query.Limit).Select(h => Show(h, highlighter, plan))],
            Facets = [.. reading.Found.Facets.Select(f => f.Take(snapshot.Options.FacetValues))],
            DidYouMean = hits.Count > 0 ? new Understanding(snapshot.Tables.Terms, segments, plan).Of(hits[0], query.Text, reading.Text) : null,
        };
    }

    /// <summary>Of a common word the form that was typed may be rare, and what has it not among the best by words: that is looked at, too.</summary>
    private List<RankedHit> InTypedForm(QueryPlanner planner, Reading<MatchResult> reading, CancellationToken cancellationToken)
    {
        if (!reading.HasAllWords || reading.Found.Total <= _ranking.Reranked || planner.AsTyped(reading.Plan) is not { } typed)
        {
            return [];
        }

        var found = Match(typed, typed.Required, [], cancellationToken).Top;
        return found.GetRange(0, Math.Min(found.Count, _ranking.Reranked));
    }

    private MatchResult Match(QueryPlan plan, int needed, IReadOnlyList<string> counted, CancellationToken cancellationToken)
    {
        var keep = (int)Math.Min(Math.Max((long)query.Offset + query.Limit, query.Sort == SearchSort.Relevance ? _ranking.Reranked : 0), snapshot.Count);
        var currency = snapshot.Tables.Currencies.Find(query.Currency);
        if (query.Effort < int.MaxValue || plan.Work(needed) < snapshot.Options.SharedWork / (1 + counted.Count))
        {
            return MatchRanges(scratch.Matcher, SegmentRanges.Whole(segments));
        }

        var ranges = plan.HasPhrases ? SegmentRanges.Whole(segments) : new SegmentRanges(segments, snapshot.Options.SharedRange);
        var found = SharedRun.Run(() => MatchRanges(SearchScratch.OfThread.Matcher, ranges));
        var order = new TopHits(segments, keep);
        return found.Aggregate((all, more) => all.With(more, order, keep));

        MatchResult MatchRanges(Matcher matcher, SegmentRanges ranges)
        {
            var facets = counted.Select(name => FacetCounter.Create(name, query, snapshot.Tables)).ToList();
            return matcher.Match(segments, ranges, plan, needed, query, _filter, keep, _ranking, facets, currency, cancellationToken);
        }
    }

    private static IReadOnlyList<DirectHit> AsTyped(MatchResult found) => [.. found.Top.Select(hit => new DirectHit(hit.Segment, hit.Doc, IsAsTyped: true))];

    /// <summary>Products whose id or SKU is just what was typed.</summary>
    private List<DirectHit> FindDirect()
    {
        var direct = new List<DirectHit>();
        var text = query.Text.Trim();
        if (text.Length is 0 or > 128)
        {
            return direct;
        }

        if (snapshot.TryFind(text, out var segment, out var doc))
        {
            direct.Add(new DirectHit(segment, doc));
        }

        Span<char> buffer = stackalloc char[Tokenizer.MaxTokenLength];
        var joined = Identifier.Join(scratch.Tokenizer, text, buffer);
        if (joined.Length >= Identifier.MinLength)
        {
            AddBySku(snapshot.Tables.Terms.FindIdentifier(joined), direct);
            AddBySku(snapshot.Tables.Terms.Find(joined), direct);
        }

        return direct;
    }

    /// <summary>The products that have the term as their whole SKU.</summary>
    private void AddBySku(int term, List<DirectHit> direct)
    {
        if (term < 0 || !snapshot.Tables.Terms.Info(term).IsSku)
        {
            return;
        }

        var cursor = new PostingsCursor();
        for (var segment = 0; segment < segments.Length; segment++)
        {
            var offset = segments[segment].Segment.Postings.Find(term);
            if (offset < 0)
            {
                continue;
            }

            cursor.Open(segments[segment].Segment.Postings, offset);
            for (var looked = 0; cursor.Doc != PostingsCursor.End && direct.Count < MaxDirect && looked < MaxLooked; cursor.MoveNext(), looked++)
            {
                var columns = segments[segment].Segment.Columns;
                if (columns.Facts[cursor.Doc].SkuTerm == term + 1)
                {
                    direct.Add(new DirectHit(segment, cursor.Doc));
                }
            }
        }
    }

    private SearchHit Show(RankedHit hit, Highlighter? highlighter, QueryPlan plan)
    {
        var columns = segments[hit.Segment].Segment.Columns;
        var source = snapshot.SourceOf(hit.Segment, hit.Doc);
        return new SearchHit
        {
            ProductId = segments[hit.Segment].Segment.Ids.Text(hit.Doc),
            Source = source,
            Score = hit.Score,
            TimestampMs = columns.Timestamps[hit.Doc],
            Highlights = highlighter?.Highlight(source.Span) ?? new Dictionary<string, string>(),
            Explain = query.Explain ? new Explainer(snapshot, segments, plan, _ranking, scratch.Tokenizer).Explain(hit) : [],
        };
    }
}
