using Marketplace.Search.Analysis;
using Marketplace.Search.Correcting;
using Marketplace.Search.Ranking;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Querying;

/// <summary>What a word may have been meant to be: corrected, in the other script, or as two words.</summary>
internal sealed class WordRepair(TermDictionary terms, TermFrequencies frequencies, RankingOptions ranking, WordForms forms)
{
    private const int MaxCorrections = 16;
    private const int MinPart = 3;

    /// <summary>A word that products have, and that is all of a query, is taken for another only where that one is this much more frequent.</summary>
    private const int MuchMoreFrequent = 10;

    /// <summary>The least weight of an unlikely correction, against the likeliest.</summary>
    private const float LeastLikely = 0.15f;

    /// <param name="isAlone">Nothing else was asked for that could tell what was meant.</param>
    public void Add(QueryPart part, bool isAlone, List<Expansion> expansions)
    {
        if (part.Kind != TokenKind.Word)
        {
            return;
        }

        var known = expansions.Where(e => e.Terms.Length == 1).Select(e => e.Terms[0]).ToHashSet();
        var typed = expansions.Where(e => e.Kind is ExpansionKind.Exact or ExpansionKind.Form).Select(e => frequencies.Of(e.Terms[0])).DefaultIfEmpty(0).Max();
        var least = isAlone ? typed * MuchMoreFrequent : 1;
        foreach (var correction in SpellingCorrector.Find(part.Text, terms, frequencies, MaxCorrections))
        {
            var weight = ranking.Correction * MathF.Max(LeastLikely, MathF.Sqrt(correction.Likelihood));
            AddWithForms(correction.Term, weight, ExpansionKind.Correction, least, known, expansions);
        }

        var sounds = new List<int>();
        terms.Sounds.Find(part.Text, Stemmer.ScriptOf(part.Text), terms, sounds);
        foreach (var term in sounds)
        {
            AddWithForms(term, ranking.Transliteration, ExpansionKind.Transliteration, least, known, expansions);
        }

        AddSplit(part.Text, expansions);
    }

    private void AddWithForms(int term, float weight, ExpansionKind kind, int least, HashSet<int> known, List<Expansion> expansions)
    {
        // A word that only products of other snapshots have leads nowhere.
        if (frequencies.Of(term) < Math.Max(least, 1))
        {
            return;
        }

        var found = new List<Expansion>();
        forms.Add(new QueryPart(terms.Text(term).ToString(), TokenKind.Word), found);
        foreach (var form in found.Where(f => known.Add(f.Terms[0])))
        {
            expansions.Add(form with { Weight = form.Weight * weight, Kind = kind });
        }
    }

    /// <summary>Two words written as one: where both halves are words, at the cut that leaves the rarer one most frequent.</summary>
    private void AddSplit(string text, List<Expansion> expansions)
    {
        int[]? best = null;
        var most = 0;
        for (var cut = MinPart; cut <= text.Length - MinPart; cut++)
        {
            int[] halves = [terms.Find(text.AsSpan(0, cut)), terms.Find(text.AsSpan(cut))];
            var frequency = halves.Min(t => t < 0 ? 0 : frequencies.Of(t));
            if (frequency > most)
            {
                (best, most) = (halves, frequency);
            }
        }

        if (best is not null)
        {
            expansions.Add(new Expansion(best, ranking.Compound, ExpansionKind.Compound));
        }
    }
}
