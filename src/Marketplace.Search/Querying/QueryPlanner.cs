using Marketplace.Search.Analysis;
using Marketplace.Search.Ranking;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Querying;

/// <summary>Finds for each word of a query the terms that count as it.</summary>
internal sealed class QueryPlanner(IndexTables tables, RankingOptions ranking, int products)
{
    /// <summary>Completions of a last word that is a word already, and of one that is not.</summary>
    private const int MaxCompletionsOfWord = 64;
    private const int MaxCompletions = 512;
    private const int MaxForms = 64;

    private readonly TermDictionary _terms = tables.Terms;

    public QueryPlan Plan(ParsedQuery query, IReadOnlyList<DirectHit> direct)
    {
        var words = new List<PlanWord>();
        foreach (var phrase in query.Phrases)
        {
            words.Add(Word(string.Join(' ', phrase.Select(p => p.Text)), [PhraseOf(phrase, 1)]) with { IsPhrase = true });
        }

        foreach (var chunk in query.Chunks)
        {
            words.Add(Word(chunk));
        }

        if (words.All(w => w.IsOptional))
        {
            words = [.. words.Select(w => w with { IsOptional = false })];
        }

        return new QueryPlan(words, [.. query.Excluded.Select(Excluded)], direct)
        {
            MatchesAll = words.Count == 0 && (query.IsBlank || query.Excluded.Count > 0),
        };
    }

    private PlanWord Word(QueryChunk chunk)
    {
        var expansions = new List<Expansion>();
        var whole = chunk.Joined ?? chunk.Parts[0];
        AddForms(whole, expansions);
        if (chunk.Parts.Count > 1)
        {
            expansions.Add(PhraseOf(chunk.Parts, ranking.OtherForm));
        }

        if (chunk.IsOpen)
        {
            AddCompletions(whole, expansions);
        }

        return Word(string.Join(' ', chunk.Parts.Select(p => p.Text)), expansions) with { IsOptional = FunctionWords.Contains(whole.Text) };
    }

    private PlanWord Excluded(QueryChunk chunk)
    {
        var expansions = new List<Expansion>();
        AddForms(chunk.Joined ?? chunk.Parts[0], expansions);
        if (chunk.Parts.Count > 1)
        {
            expansions.Add(PhraseOf(chunk.Parts, 1));
        }

        return Word(chunk.Parts[0].Text, expansions);
    }

    private PlanWord Word(string text, IReadOnlyList<Expansion> expansions)
    {
        // One frequency for all expansions: a rare misspelling in the catalogue must not outweigh the word it stands for.
        var frequency = 0L;
        foreach (var expansion in expansions)
        {
            frequency += expansion.Terms.Min(t => t < 0 ? 0 : _terms.Info(t).Frequency);
        }

        return new PlanWord(text, [.. expansions.Where(e => Array.TrueForAll(e.Terms, t => t >= 0))], Idf(Math.Min(frequency, products)));
    }

    private float Idf(long frequency) => MathF.Log(1 + ((products - frequency + 0.5f) / (frequency + 0.5f)));

    private void AddForms(QueryPart part, List<Expansion> expansions)
    {
        var exact = _terms.Find(part.Text);
        if (exact >= 0 && _terms.Info(exact).Frequency > 0)
        {
            expansions.Add(new Expansion([exact], 1, ExpansionKind.Exact));
        }

        if (part.Kind == TokenKind.Number)
        {
            return;
        }

        var forms = exact >= 0 && _terms.Info(exact).IsRegistered ? _terms.FormsOf(exact) : _terms.FormsOf(part.Text);
        var count = 0;
        foreach (var form in forms)
        {
            if (form != exact && _terms.Info(form).Frequency > 0 && count++ < MaxForms)
            {
                expansions.Add(new Expansion([form], ranking.OtherForm, ExpansionKind.Form));
            }
        }
    }

    private void AddCompletions(QueryPart part, List<Expansion> expansions)
    {
        var found = new List<int>();
        _terms.Prefixes.Find(part.Text, _terms, found);
        var known = expansions.SelectMany(e => e.Terms).ToHashSet();
        found.RemoveAll(t => known.Contains(t) || _terms.Info(t).Frequency == 0);
        var limit = expansions.Count > 0 ? MaxCompletionsOfWord : MaxCompletions;
        found.Sort((a, b) => Compare(b, a));
        foreach (var term in found.Take(limit))
        {
            expansions.Add(new Expansion([term], ranking.Prefix, ExpansionKind.Prefix));
        }
    }

    // Frequent first; equal ones by their text, so that the choice does not depend on the order of arrival.
    private int Compare(int a, int b)
    {
        var byFrequency = _terms.Info(a).Frequency.CompareTo(_terms.Info(b).Frequency);
        return byFrequency != 0 ? byFrequency : _terms.Text(b).SequenceCompareTo(_terms.Text(a));
    }

    private Expansion PhraseOf(IReadOnlyList<QueryPart> parts, float weight)
    {
        var terms = parts.Select(p => _terms.Find(p.Text)).ToArray();
        return new Expansion(terms, weight, terms.Length == 1 ? ExpansionKind.Exact : ExpansionKind.Phrase);
    }
}
