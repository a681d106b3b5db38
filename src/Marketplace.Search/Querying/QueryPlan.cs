namespace Marketplace.Search.Querying;

internal enum ExpansionKind : byte
{
    Exact,
    Form,
    Prefix,
    Phrase,
    Synonym,

    /// <summary>Two words written as one, or one as two.</summary>
    Compound,
    Correction,
    Transliteration,
}

/// <summary>One way to find a word: a term, or several that stand one after another.</summary>
internal sealed record Expansion(int[] Terms, float Weight, ExpansionKind Kind)
{
    /// <summary>The word is taken for another one than was typed.</summary>
    public bool IsRepair => Kind is ExpansionKind.Correction or ExpansionKind.Transliteration;
}

/// <summary>A word of the query and all that counts as it. Its frequency in a product is the weighted sum over its expansions.</summary>
/// <param name="Products">How many have it, those counted twice that have two of its expansions.</param>
internal sealed record PlanWord(string Text, Expansion[] Expansions, float Idf, long Products)
{
    /// <summary>The word in the form that was typed, null where no product has it.</summary>
    public Expansion? Exact => Array.Find(Expansions, e => e.Kind == ExpansionKind.Exact);

    /// <summary>Function words only add to the score.</summary>
    public bool IsOptional { get; init; }

    /// <summary>It must match whatever else may be missing.</summary>
    public bool IsPhrase { get; init; }
}

/// <summary>A product that is found whatever its words are, and first: named by its id or SKU, or one of the few that have all words as typed.</summary>
internal readonly record struct DirectHit(int Segment, int Doc, bool IsAsTyped = false);

/// <summary>What the matcher carries out.</summary>
internal sealed record QueryPlan(PlanWord[] Words, PlanWord[] Excluded, IReadOnlyList<DirectHit> Direct)
{
    /// <summary>Nothing was asked for, or only what must not be there: every product is a candidate.</summary>
    public bool MatchesAll { get; init; }

    /// <summary>Some word may be taken for another one than was typed.</summary>
    public bool IsRepaired => Array.Exists(Words, w => Array.Exists(w.Expansions, e => e.IsRepair || e.Kind == ExpansionKind.Compound));

    public int Required => Words.Count(w => !w.IsOptional);

    /// <summary>A product that has so many words has one of this many of the rarest (Turtle and Flood 1995).</summary>
    public static int Leading(int required, int needed) => required - Math.Max(needed, 1) + 1;

    /// <summary>The postings that have to be read at least.</summary>
    public long Work(int needed) => MatchesAll
        ? long.MaxValue
        : Words.Where(w => !w.IsOptional).Select(w => w.Products).Order().Take(Leading(Required, needed)).Sum();

    /// <summary>Whether terms that stand one after another are looked for: in a whole segment at once.</summary>
    public bool HasPhrases => Array.Exists(Words, HasPhrase) || Array.Exists(Excluded, HasPhrase);

    /// <summary>The fewest words that a product must have to be shown at all.</summary>
    public int Fewest => Math.Max(1, Known is > 0 and var known ? Math.Min(known, Half) : Half);

    private int Half => (Required + 1) / 2;

    /// <summary>Words that some product has as typed, or in another form.</summary>
    private int Known => Words.Count(w => !w.IsOptional && Array.Exists(w.Expansions, e => !e.IsRepair));

    private static bool HasPhrase(PlanWord word) => Array.Exists(word.Expansions, expansion => expansion.Terms.Length > 1);
}
