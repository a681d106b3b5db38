using Marketplace.Search.Analysis;
using Marketplace.Search.Matching;
using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Ranking;

/// <summary>
/// Looks at the best hits again: words that stand together and in the order asked go up, and so do a name and a category that are
/// just what was asked. Hits beyond those looked at stay behind them.
/// </summary>
internal sealed class Reranker(IndexTables tables, SegmentView[] segments, QueryPlan plan, RankingOptions ranking, Tokenizer tokenizer)
{
    private const int MaxExpansions = 12;

    /// <summary>The share that a hit's proximity and name add to its score.</summary>
    public readonly record struct Bonus(float Adjacency, float ExactName, float Category, float NameStart, float NameAsTyped)
    {
        public float Factor => 1 + Adjacency + ExactName + Category + NameStart + NameAsTyped;
    }

    private readonly CategoryMatch _categories = new(tables, plan, tokenizer);
    private readonly PlanWord[] _required = [.. plan.Words.Where(w => !w.IsOptional)];

    // The terms of each of these words, and where a product has them.
    private readonly int[][] _terms =
        [.. plan.Words.Where(w => !w.IsOptional).Select(w => w.Expansions.OrderByDescending(e => e.Weight).Take(MaxExpansions).Where(e => e.Terms.Length == 1).Select(e => e.Terms[0]).ToArray())];

    // One for each of the terms, of which as many are open as the segment at hand has.
    private readonly PostingsCursor?[][] _cursors = [.. plan.Words.Where(w => !w.IsOptional).Select(_ => new PostingsCursor?[MaxExpansions])];
    private readonly int[] _open = new int[plan.Required];

    // The term of each of these words that is just what was typed, -1 where there is none.
    private readonly int[] _typed = [.. plan.Words.Where(w => !w.IsOptional).Select(w => w.Exact?.Terms[0] ?? -1)];

    // Whether the first of the open ones is of that term, which weighs most.
    private readonly bool[] _isTyped = new bool[plan.Required];

    private readonly List<int>[] _places = [.. plan.Words.Where(w => !w.IsOptional).Select(_ => new List<int>())];

    /// <summary>The same hits, of which so many as are wanted are the best with their bonuses in their scores, best first.</summary>
    /// <param name="hits">By their scores without, best first.</param>
    /// <param name="typed">Others that are looked at as well, with their scores without.</param>
    public List<RankedHit> Rerank(List<RankedHit> hits, List<RankedHit> typed, int wanted)
    {
        var reranked = new List<RankedHit>(hits.Count);
        var count = Math.Min(hits.Count, ranking.Reranked);
        if (typed.Count > 0)
        {
            var looked = hits.GetRange(0, count);
            var best = looked.Select(hit => (hit.Segment, hit.Doc)).ToHashSet();
            typed = typed.FindAll(hit => best.Add((hit.Segment, hit.Doc)));
            hits = [.. looked, .. typed, .. hits.Skip(count).Where(hit => !best.Contains((hit.Segment, hit.Doc)))];
            count += typed.Count;
        }

        var first = Math.Min(Math.Max(wanted, 1), count);
        Look(hits.GetRange(0, first), reranked);
        if (first < count)
        {
            // Of the others only those are looked at whose bonus can bring them before the last of these.
            var least = reranked.Min(hit => hit.Score);
            var rest = hits.GetRange(first, count - first).ToLookup(hit => hit.Score * MostOf(hit) >= least);
            Look([.. rest[true]], reranked);
            reranked.AddRange(rest[false]);
        }

        reranked.Sort(new TopHits(segments, 0));
        reranked.AddRange(hits.Skip(count));
        return reranked;
    }

    private void Look(List<RankedHit> looked, List<RankedHit> reranked)
    {
        looked.Sort(static (a, b) => a.Segment != b.Segment ? a.Segment.CompareTo(b.Segment) : a.Doc.CompareTo(b.Doc));
        var segment = -1;
        foreach (var hit in looked)
        {
            if (hit.Segment != segment)
            {
                segment = hit.Segment;
                OpenWords(segments[segment].Segment);
            }

            var score = hit.Score * BonusOfNext(hit).Factor;
            reranked.Add(hit with { Key = score, Score = score });
        }
    }

    /// <summary>The largest factor that the hit's bonus can be, without a look at where its words are; and a little for rounding.</summary>
    private float MostOf(in RankedHit hit)
    {
        ref readonly var facts = ref segments[hit.Segment].Segment.Columns.Facts[hit.Doc];
        return 1.0001f * (1
            + (_required.Length > 1 ? Math.Max(0, ranking.AdjacentWords) : 0)
            + (facts.NameLength == _required.Length ? Math.Max(0, ranking.ExactName) : 0)
            + Math.Max(0, ranking.ExactCategory * _categories.Of(facts.Category))
            + Math.Max(0, ranking.NameStart)
            + (Array.IndexOf(_typed, -1) < 0 ? Math.Max(0, ranking.NameAsTyped) : 0));
    }

    public Bonus BonusOf(in RankedHit hit)
    {
        OpenWords(segments[hit.Segment].Segment);
        return BonusOfNext(hit);
    }

    private void OpenWords(Segment segment)
    {
        for (var i = 0; i < _terms.Length; i++)
        {
            _open[i] = 0;
            _isTyped[i] = false;
            foreach (var term in _terms[i])
            {
                var offset = segment.Postings.Find(term);
                if (offset >= 0)
                {
                    _isTyped[i] |= _open[i] == 0 && term == _typed[i];
                    (_cursors[i][_open[i]++] ??= new PostingsCursor()).Open(segment.Postings, offset);
                }
            }
        }
    }

    /// <summary>The bonus of a hit in the segment whose words are open, behind those asked about before.</summary>
    private Bonus BonusOfNext(in RankedHit hit)
    {
        var places = _places;
        var isTyped = places.Length > 0;
        for (var i = 0; i < places.Length; i++)
        {
            places[i].Clear();
            for (var open = 0; open < _open[i]; open++)
            {
                var cursor = _cursors[i][open]!;
                cursor.AdvanceTo(hit.Doc);
                if (cursor.Doc == hit.Doc)
                {
                    Places.Decode(cursor.Occurrences(), places[i]);
                }

                isTyped &= open > 0 || (_isTyped[i] && places[i].Exists(IsInName));
            }

            isTyped &= _open[i] > 0;
        }

        var adjacency = 0f;
        for (var i = 0; i + 1 < places.Length; i++)
        {
            adjacency += Closeness(places[i], places[i + 1]);
        }

        adjacency = places.Length > 1 ? ranking.AdjacentWords * adjacency / (places.Length - 1) : 0;
        ref readonly var facts = ref segments[hit.Segment].Segment.Columns.Facts[hit.Doc];
        var isExact = places.Length > 0 && facts.NameLength == places.Length
            && Array.TrueForAll(places, p => p.Exists(IsInName));
        return new Bonus(
            adjacency,
            isExact ? ranking.ExactName : 0,
            ranking.ExactCategory * _categories.Of(facts.Category),
            BeginsName(places) ? ranking.NameStart : 0,
            isTyped ? ranking.NameAsTyped : 0);
    }

    private static bool IsInName(int place) => Places.FieldOf(place) == (int)ProductField.Name;

    private bool BeginsName(List<int>[] places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            if (_required[i].Text.Length > 0 && _required[i].Text[0] is >= 'а' and <= 'я' && places[i].Contains((int)ProductField.Name << Places.FieldShift))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>1 for neighbours in order, in the name; less for any other order, distance or field.</summary>
    private static float Closeness(List<int> first, List<int> second)
    {
        var best = 0f;
        foreach (var a in first)
        {
            foreach (var b in second)
            {
                var distance = b - a;
                var close = distance switch
                {
                    1 => 1f,
                    2 or -1 => 0.5f,
                    3 or -2 => 0.25f,
                    _ => 0f,
                };
                best = Math.Max(best, Places.FieldOf(a) == (int)ProductField.Name ? close : close / 2);
            }
        }

        return best;
    }
}
