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
        RollValues(category, ref dice);
    }

    /// <summary>A model is of some grade, and what makes it dearer goes with it: much memory with a large drive, not with a small one.</summary>
    private void RollValues(Category category, ref Dice dice)
    {
        const double scatter = 1.5;
        var grade = dice.Unit();
        for (var at = 0; at < category.Specs.Length; at++)
        {
            var spec = category.Specs[at];
            if (category.Followed[at] is var followed and >= 0)
            {
                var (step, steps) = (Values[followed], category.Specs[followed].Count);
                var first = step * spec.Count / steps;
                var last = (((step + 1) * spec.Count) + steps - 1) / steps;
                Values[at] = first + dice.Below(last - first);
            }
            else if (spec.PriceStep == 0)
            {
                Values[at] = dice.Below(spec.Count);
            }
            else
            {
                var place = spec.PriceStep > 0 ? grade : 1 - grade;
                Values[at] = Math.Clamp((int)Math.Floor((place * spec.Count) + (scatter * (dice.Unit() - 0.5))), 0, spec.Count - 1);
            }
        }
    }
}
