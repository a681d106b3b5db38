using Marketplace.SampleData.Wording;

namespace Marketplace.SampleData.Generation;

/// <summary>The choices that make one product, reused from product to product.</summary>
internal sealed class Draft
{
    private const int MaxSpecs = 12;

    public Category Category { get; private set; } = null!;

    public CategoryTexts Texts { get; private set; } = null!;

    public Noun Noun { get; private set; } = null!;

    public string Brand { get; private set; } = "";

    public CharBuffer Model { get; } = new();

    public Adjective First { get; private set; } = null!;

    public Adjective Second { get; private set; } = null!;

    public string Purpose { get; private set; } = "";

    /// <summary>The chosen value of each of the category's specifications.</summary>
    public int[] Values { get; } = new int[MaxSpecs];

    public void Roll(Category category, Language language, ref Dice dice)
    {
        Category = category;
        Texts = language == Language.Russian ? category.Russian : category.English;
        var names = language == Language.Russian ? category.AllNames : category.LatinNames;
        Noun = dice.Pick(Texts.Nouns);
        Brand = names.PickBrand(ref dice);
        ModelName.Write(Model, dice.Pick(names.Models), ref dice);
        var first = dice.Below(Texts.Adjectives.Length);
        var second = (first + 1 + dice.Below(Texts.Adjectives.Length - 1)) % Texts.Adjectives.Length;
        First = Texts.Adjectives[first];
        Second = Texts.Adjectives[second];
        Purpose = dice.Pick(Texts.Purposes);
        for (var at = 0; at < category.Specs.Length; at++)
        {
            Values[at] = dice.Below(category.Specs[at].Count);
        }
    }
}
