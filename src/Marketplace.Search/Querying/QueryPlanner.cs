using Marketplace.Search.Analysis;
using Marketplace.Search.Ranking;
using Marketplace.Search.Synonyms;
using Marketplace.Search.Terms;

namespace Marketplace.Search.Querying;

/// <summary>Finds for each word of a query the terms that count as it.</summary>
internal sealed class QueryPlanner(TermDictionary terms, TermFrequencies frequencies, RankingOptions ranking, SynonymTable synonyms, int products)
{
    /// <summary>Completions of a last word that is a word already, and of one that is not.</summary>
    private const int MaxCompletionsOfWord = 64;
    private const int MaxCompletions = 512;

    /// <summary>Products with a form as typed that are looked for beside the best by words.</summary>
    private const int MaxTyped = 4096;

    /// <summary>Letters below which a prefix says too little to follow all its completions.</summary>
    private const int ShortPrefix = 3;

    private readonly WordForms _forms = new(terms, frequencies, ranking);
    private readonly IComparer<int> _rarestFirst = Comparer<int>.Create((a, b) => Compare(terms, frequencies, a, b));

    // What the words stand for as they were typed, for the plans of one query; it goes with the frequencies that it was found by.
    private readonly Dictionary<QueryChunk, Expansion[]> _asTyped = new(ReferenceEqualityComparer.Instance);
    private bool _byOwnFrequencies;

    /// <param name="repairedBelow">Words that fewer products have may be taken for others than were typed.</param>
    public QueryPlan Plan(ParsedQuery query, IReadOnlyList<DirectHit> direct, long repairedBelow) => frequencies.Read(() => PlanOnce(query, direct, repairedBelow));

    /// <summary>Products below which a word is rare.</summary>
    public long Rare => Math.Max(ranking.Few, (long)(products * ranking.Rare));

    /// <summary>
    /// The plan for what of it has every word in the form that was typed, with the same scores; null where a word has no such form or none has
    /// another, and where that is more than is worth a match of its own.
    /// </summary>
    public QueryPlan? AsTyped(QueryPlan plan) => frequencies.Read(() =>
    {
        var required = plan.Words.Where(w => !w.IsOptional).ToArray();
        var typed = required
            .Select(w => w.Exact)
            .OfType<Expansion>()
            .Select(exact => new PlanWord("", [exact], Idf: 0, frequencies.Of(exact.Terms[0])))
            .ToArray();
        return typed.Length == required.Length && Array.Exists(required, w => w.Expansions.Length > 1) && typed.Min(w => w.Products) <= MaxTyped
            ? plan with { Words = [.. plan.Words, .. typed] }
            : null;
    });

    /// <summary>True when every word is one that products have, as typed or in another form.</summary>
    public bool KnowsAll(ParsedQuery query) => frequencies.Read(() =>
        query.Chunks.Count > 0 && query.Chunks.All(c => ExpansionsOf(c).Exists(e => e.Terms.All(t => t >= 0 && frequencies.Of(t) > 0))));

    private QueryPlan PlanOnce(ParsedQuery query, IReadOnlyList<DirectHit> direct, long repairedBelow)
    {
        var words = new List<PlanWord>();
        foreach (var phrase in query.Phrases)
        {
            words.Add(Word(string.Join(' ', phrase.Select(p => p.Text)), [PhraseOf(phrase, 1)]) with { IsPhrase = true });
        }

        var expansions = query.Chunks.Select(ExpansionsOf).ToArray();
        AddCompounds(query.Chunks, expansions);
        AddSynonyms(query.Chunks, expansions);
        for (var i = 0; i < expansions.Length; i++)
        {
            var chunk = query.Chunks[i];
            if (repairedBelow > 0 && chunk.Joined is null && ProductsOf(expansions[i]) < repairedBelow)
            {
                new WordRepair(terms, frequencies, ranking, _forms).Add(chunk.Parts[0], isAlone: expansions.Length == 1, expansions[i]);
            }

            var text = string.Join(' ', chunk.Parts.Select(p => p.Text));
            words.Add(Word(text, expansions[i]) with { IsOptional = FunctionWords.Contains((chunk.Joined ?? chunk.Parts[0]).Text) });
        }

        if (words.All(w => w.IsOptional))
        {
            words = [.. words.Select(w => w with { IsOptional = false })];
        }

        return new QueryPlan([.. words], [.. query.Excluded.Select(Excluded)], direct)
        {
            MatchesAll = words.Count == 0 && (query.IsBlank || query.Excluded.Count > 0),
        };
    }

    private List<Expansion> ExpansionsOf(QueryChunk chunk)
    {
        if (_byOwnFrequencies != frequencies.AreOwn)
        {
            _asTyped.Clear();
            _byOwnFrequencies = frequencies.AreOwn;
        }

        if (!_asTyped.TryGetValue(chunk, out var typed))
        {
            _asTyped[chunk] = typed = [.. FindExpansions(chunk)];
        }

        return [.. typed];
    }

    private List<Expansion> FindExpansions(QueryChunk chunk)
    {
        var expansions = new List<Expansion>();
        var whole = chunk.Joined ?? chunk.Parts[0];
        _forms.Add(whole, expansions);
        if (chunk.Parts.Count > 1)
        {
            expansions.Add(PhraseOf(chunk.Parts, ranking.OtherForm));
        }

        if (chunk.IsOpen)
        {
            AddCompletions(whole, expansions);
        }

        return expansions;
    }

    private PlanWord Excluded(QueryChunk chunk)
    {
        var expansions = new List<Expansion>();
        _forms.Add(chunk.Joined ?? chunk.Parts[0], expansions);
        if (chunk.Parts.Count > 1)
        {
            expansions.Add(PhraseOf(chunk.Parts, 1));
        }

        return Word(chunk.Parts[0].Text, expansions);
    }

    private PlanWord Word(string text, IReadOnlyList<Expansion> expansions)
    {
        // One frequency for all expansions: a rare misspelling in the catalogue must not outweigh the word it stands for.
        var frequency = ProductsOf(expansions);
        var found = expansions.Where(e => Array.TrueForAll(e.Terms, t => t >= 0)).ToArray();
        var certainty = found.Length > 0 && Array.TrueForAll(found, e => e.IsRepair) ? ranking.Certainty : 1;
        return new PlanWord(text, found, certainty * Bm25.Idf(products, Math.Min(frequency, products)), frequency);
    }

    /// <summary>How many products have one of the expansions, those counted twice that have two.</summary>
    private long ProductsOf(IReadOnlyList<Expansion> expansions)
    {
        var products = 0L;
        foreach (var expansion in expansions)
        {
            products += expansion.Terms.Min(t => t < 0 ? 0 : frequencies.Of(t));
        }

        return products;
    }

    private void AddCompletions(QueryPart part, List<Expansion> expansions)
    {
        var found = new List<int>();
        terms.Prefixes.Find(part.Text, terms, found);
        var known = expansions.SelectMany(e => e.Terms).ToHashSet();
        var limit = expansions.Count > 0 || part.Text.Length < ShortPrefix ? MaxCompletionsOfWord : MaxCompletions;
        var best = new PriorityQueue<int, int>(limit + 1, _rarestFirst);
        var least = 1;
        foreach (var term in found)
        {
            // Most are rarer than the best so far, which is known from one look.
            if (frequencies.Of(term) < least || (best.Count == limit && Compare(terms, frequencies, term, best.Peek()) <= 0) || known.Contains(term))
            {
                continue;
            }

            best.Enqueue(term, term);
            if (best.Count > limit)
            {
                best.Dequeue();
            }

            least = best.Count == limit ? frequencies.Of(best.Peek()) : least;
        }

        var completions = new int[best.Count];
        for (var i = completions.Length - 1; i >= 0; i--)
        {
            completions[i] = best.Dequeue();
        }

        foreach (var term in completions)
        {
            expansions.Add(new Expansion([term], ranking.Prefix, ExpansionKind.Prefix));
        }
    }

    // Frequent first; equal ones by their text, so that the choice does not depend on the order of arrival.
    private static int Compare(TermDictionary terms, TermFrequencies frequencies, int a, int b)
    {
        var byFrequency = frequencies.Of(a).CompareTo(frequencies.Of(b));
        return byFrequency != 0 ? byFrequency : terms.Text(b).SequenceCompareTo(terms.Text(a));
    }

    /// <summary>Two words that products write as one: each of them is found by it.</summary>
    private void AddCompounds(IReadOnlyList<QueryChunk> chunks, List<Expansion>[] expansions)
    {
        for (var i = 0; i + 1 < chunks.Count; i++)
        {
            if (chunks[i].Joined is null && chunks[i + 1].Joined is null)
            {
                var term = terms.Find(chunks[i].Parts[0].Text + chunks[i + 1].Parts[0].Text);
                if (term >= 0 && frequencies.Of(term) > 0)
                {
                    expansions[i].Add(new Expansion([term], ranking.Compound, ExpansionKind.Compound));
                    expansions[i + 1].Add(new Expansion([term], ranking.Compound, ExpansionKind.Compound));
                }
            }
        }
    }

    /// <summary>Runs of words that the table knows: each word of the run is found by what the run stands for.</summary>
    private void AddSynonyms(IReadOnlyList<QueryChunk> chunks, List<Expansion>[] expansions)
    {
        for (var from = 0; from < chunks.Count; from++)
        {
            for (var to = from + 1; to <= Math.Min(chunks.Count, from + SynonymTable.MaxWords); to++)
            {
                var run = chunks.Skip(from).Take(to - from).SelectMany(c => c.Parts).Select(p => p.Text).ToList();
                foreach (var synonym in synonyms.Of(run))
                {
                    var found = new List<Expansion>();
                    if (synonym.Length == 1)
                    {
                        _forms.Add(new QueryPart(synonym[0], TokenKind.Word), found);
                    }
                    else
                    {
                        found.Add(PhraseOf([.. synonym.Select(w => new QueryPart(w, TokenKind.Word))], 1));
                    }

                    for (var i = from; i < to; i++)
                    {
                        expansions[i].AddRange(found.Select(e => e with { Weight = e.Weight * ranking.Synonym, Kind = ExpansionKind.Synonym }));
                    }
                }
            }
        }
    }

    private Expansion PhraseOf(IReadOnlyList<QueryPart> parts, float weight)
    {
        var found = parts.Select(p => terms.Find(p.Text)).ToArray();
        return new Expansion(found, weight, found.Length == 1 ? ExpansionKind.Exact : ExpansionKind.Phrase);
    }
}
