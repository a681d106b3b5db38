using System.Globalization;
using Marketplace.Search.Analysis;
using Marketplace.Search.Matching;
using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Ranking;

/// <summary>Takes a hit's score apart.</summary>
internal sealed class Explainer(SearchSnapshot snapshot, SegmentView[] segments, QueryPlan plan, RankingOptions ranking, Tokenizer tokenizer)
{
    public List<ScorePart> Explain(in RankedHit hit)
    {
        var parts = new List<ScorePart>();
        var segment = segments[hit.Segment].Segment;
        float found = 0, all = 0;
        foreach (var word in plan.Words)
        {
            all += word.Idf;
            var frequency = 0f;
            var ways = new List<string>();
            foreach (var expansion in word.Expansions)
            {
                var one = FrequencyOf(expansion, segment, hit.Doc);
                frequency += one;
                if (one > 0)
                {
                    var text = string.Join(' ', expansion.Terms.Select(t => snapshot.Tables.Terms.Text(t).ToString()));
                    ways.Add(string.Create(CultureInfo.InvariantCulture, $"{text} ({expansion.Kind}, weight {expansion.Weight:0.##})"));
                }
            }

            if (frequency > 0)
            {
                found += word.Idf;
                var score = Bm25.Score(word.Idf, frequency, ranking.Saturation);
                parts.Add(new ScorePart(word.Text, score, string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", ways)}; idf {word.Idf:0.###}, frequency {frequency:0.###}")));
            }
        }

        if (plan.MatchesAll)
        {
            parts.Add(new ScorePart("every product", 1, "no words were asked for"));
        }

        var sum = parts.Sum(p => p.Score);
        if (all > found)
        {
            AddShare(parts, "missing words", ref sum, found / all);
        }

        AddShare(parts, "stock and popularity", ref sum, ranking.Prior(segment.Columns.Facts[hit.Doc].Stock, segment.Columns.Facts[hit.Doc].Popularity));
        foreach (var direct in plan.Direct)
        {
            if (direct.Segment == hit.Segment && direct.Doc == hit.Doc)
            {
                parts.Add(direct.IsAsTyped
                    ? new ScorePart("as typed", RankingOptions.DirectHit, "one of the few that have all words as typed")
                    : new ScorePart("id or SKU", RankingOptions.DirectHit, "named by it"));
                sum += RankingOptions.DirectHit;
            }
        }

        var rest = hit.Score - sum;
        if (rest > 1e-4)
        {
            var bonus = new Reranker(snapshot.Tables, segments, plan, ranking, tokenizer).BonusOf(hit);
            parts.Add(new ScorePart("proximity and name", rest, string.Create(CultureInfo.InvariantCulture, $"words together {bonus.Adjacency:0.###}, exact name {bonus.ExactName:0.###}, category {bonus.Category:0.###}, name's beginning {bonus.NameStart:0.###}, name as typed {bonus.NameAsTyped:0.###}")));
        }

        return parts;
    }

    private static void AddShare(List<ScorePart> parts, string name, ref double sum, float factor)
    {
        if (factor != 1)
        {
            parts.Add(new ScorePart(name, sum * (factor - 1), string.Create(CultureInfo.InvariantCulture, $"factor {factor:0.###}")));
            sum *= factor;
        }
    }

    private static float FrequencyOf(Expansion expansion, Segment segment, int doc)
    {
        if (expansion.Terms.Length > 1)
        {
            var window = new Window();
            var matches = PhraseMatches.Find(expansion, segment);
            matches.AdvanceTo(doc);
            matches.Fill(window, doc + 1);
            return (window.Bits[(doc & Window.Mask) >> 6] & (1UL << doc)) != 0 ? window.Frequencies[doc & Window.Mask] : 0;
        }

        var offset = segment.Postings.Find(expansion.Terms[0]);
        if (offset < 0)
        {
            return 0;
        }

        var cursor = new PostingsCursor();
        cursor.Open(segment.Postings, offset);
        cursor.AdvanceTo(doc);
        return cursor.Doc == doc ? expansion.Weight * Impact.Frequencies[cursor.Impact] : 0;
    }
}
