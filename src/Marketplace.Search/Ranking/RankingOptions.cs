namespace Marketplace.Search.Ranking;

/// <param name="Weight">How much a word in this field counts.</param>
/// <param name="LengthPenalty">BM25's b: how much a long field dilutes its words, 0 to 1.</param>
/// <param name="TypicalLength">The field's usual number of words; fixed, so that a product's score does not depend on the others.</param>
public readonly record struct FieldWeight(float Weight, float LengthPenalty, float TypicalLength);

/// <summary>
/// The weights of <see cref="Bm25"/> and of what is added to it. Those of fields are built into the index; a change needs a new one.
/// The defaults are what the benchmark <c>relevance</c> chose, rounded.
/// </summary>
public sealed record RankingOptions
{
    public FieldWeight Name { get; init; } = new(3.0f, 0.5f, 10);

    public FieldWeight Brand { get; init; } = new(2.3f, 0.2f, 1);

    public FieldWeight Category { get; init; } = new(3.6f, 0.5f, 2);

    public FieldWeight Tags { get; init; } = new(1.5f, 0.5f, 4);

    public FieldWeight Sku { get; init; } = new(1.1f, 0.2f, 3);

    public FieldWeight Specifications { get; init; } = new(0.55f, 0.65f, 30);

    public FieldWeight Description { get; init; } = new(1.1f, 0.7f, 40);

    /// <summary>BM25's k1: how soon more occurrences stop to matter.</summary>
    public float Saturation { get; init; } = 1.9f;

    /// <summary>A product that has a word as typed counts 1, one that has another form of it this much.</summary>
    public float OtherForm { get; init; } = 0.82f;

    /// <summary>A word that only begins with what was typed.</summary>
    public float Prefix { get; init; } = 0.6f;

    /// <summary>A name that stands for another, by the file of synonyms.</summary>
    public float Synonym { get; init; } = 0.6f;

    /// <summary>Two words written as one, or one as two.</summary>
    public float Compound { get; init; } = 0.9f;

    /// <summary>The likeliest word that a mistyped one stands for; others less, by how likely they are.</summary>
    public float Correction { get; init; } = 0.5f;

    /// <summary>A word of the other script that sounds the same.</summary>
    public float Transliteration { get; init; } = 0.6f;

    /// <summary>How much a word counts in a query that had to be taken for another one, against one that was taken as typed.</summary>
    public float Certainty { get; init; } = 0.6f;

    /// <summary>A query that finds fewer products is read in other ways too: on the other layout, corrected, with fewer words.</summary>
    public int Few { get; init; } = 3;

    /// <summary>A word that a smaller share of products has is taken for a mistyped one before the others, where no product has all words.</summary>
    public float Rare { get; init; } = 0.001f;

    /// <summary>Letters of a run with digits or signs (the <c>tn</c> of <c>TN-2110</c>) say less than a word that stands alone.</summary>
    public float PartOfRun { get; init; } = 0.4f;

    /// <summary>A word behind «для» or "for" in a name: what the product is for, and not what it is.</summary>
    public float Purpose { get; init; } = 0.55f;

    /// <summary>The share by which a product in stock goes before an equal one that is not.</summary>
    public float InStock { get; init; } = 0.02f;

    /// <summary>The share by which the most popular product goes before an equal one nobody knows.</summary>
    public float Popularity { get; init; } = 0.05f;

    /// <summary>How many of the best by words are looked at again for proximity, order and exact names.</summary>
    public int Reranked { get; init; } = 100;

    public float AdjacentWords { get; init; } = 0.25f;

    public float ExactName { get; init; } = 0.3f;

    /// <summary>All words of the product's category were asked for.</summary>
    public float ExactCategory { get; init; } = 0.28f;

    /// <summary>A word asked for begins a Russian name: there it is what the product is, and not what it is for.</summary>
    public float NameStart { get; init; } = 0.1f;

    /// <summary>The name has all words in just the forms that were typed: as much as makes up for whatever else products with other forms have.</summary>
    public float NameAsTyped { get; init; } = 1;

    /// <summary>Added to the score of a product that goes first whatever its words are: see <see cref="Querying.DirectHit"/>.</summary>
    internal const float DirectHit = 1000;

    /// <summary>The largest <see cref="Prior"/> there can be, and a little for rounding.</summary>
    internal float MaxPrior => (1 + Math.Max(0, InStock) + Math.Max(0, Popularity)) * 1.0001f;

    /// <summary>The factor of what is known of a product whatever is asked.</summary>
    internal float Prior(Segments.StockState stock, float popularity) =>
        1 + (stock == Segments.StockState.InStock ? InStock : 0) + (Popularity * Math.Clamp(popularity, 0, 1));

    /// <summary>The share of its unit that an occurrence counts.</summary>
    internal float Standing(bool isPart, bool isPurpose) => (isPart ? PartOfRun : 1) * (isPurpose ? Purpose : 1);

    internal FieldWeight Of(ProductField field) => field switch
    {
        ProductField.Name => Name,
        ProductField.Brand => Brand,
        ProductField.Category => Category,
        ProductField.Tags => Tags,
        ProductField.Sku => Sku,
        ProductField.Specifications => Specifications,
        _ => Description,
    };

    /// <summary>What one occurrence in a field of this many words adds to a word's frequency.</summary>
    internal float Unit(ProductField field, int words) => Bm25.Unit(Of(field), words);
}
