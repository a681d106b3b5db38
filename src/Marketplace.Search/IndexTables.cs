using Marketplace.Search.Segments;
using Marketplace.Search.Terms;

namespace Marketplace.Search;

/// <summary>What all segments and snapshots of an index share: words and keywords by id, only ever appended to.</summary>
internal sealed class IndexTables
{
    public TermDictionary Terms { get; } = new();

    public KeywordTable Categories { get; } = new();

    public KeywordTable Brands { get; } = new();

    public KeywordTable Stores { get; } = new();

    public KeywordTable Currencies { get; } = new();

    public SpecificationTable Specifications { get; } = new();

    public CategoryTerms CategoryTerms { get; }

    public IndexTables() => CategoryTerms = new CategoryTerms(Categories, Terms);

    /// <summary>Counts products that came, or left, for the values that are suggested.</summary>
    public void CountUse(in ProductFacts facts, int products)
    {
        Brands.AddUses(facts.Brand, products);
        Categories.AddUses(facts.Category, products);
    }
}
