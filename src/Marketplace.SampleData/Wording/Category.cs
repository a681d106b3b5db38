using Marketplace.SampleData.Generation;

namespace Marketplace.SampleData.Wording;

/// <param name="Median">In roubles: half of the category's basic models cost less.</param>
/// <param name="Spread">The deviation of the price's natural logarithm.</param>
internal readonly record struct PriceRange(double Median, double Spread);

/// <summary>A category of goods: all that a product of it is made from.</summary>
internal sealed class Category
{
    private const double BrandExponent = 0.95;

    /// <param name="name">As the marketplace calls it, in Russian whatever the product's language.</param>
    /// <param name="slug">In addresses of images.</param>
    /// <param name="code">The beginning of its SKUs.</param>
    /// <param name="weight">How frequent it is beside the others.</param>
    /// <param name="brands">The most popular first.</param>
    /// <param name="models">Patterns: <c>#</c> a digit, <c>@</c> a Latin letter, <c>?</c> nothing or a word such as «Pro».</param>
    public Category(string name, string slug, string code, int weight, PriceRange price, string[] brands, string models, Spec[] specs, Texts russian, Texts english)
    {
        Name = name;
        Slug = slug;
        Code = code;
        Weight = weight;
        Price = price;
        Specs = specs;
        Followed = [.. specs.Select(spec => spec.Followed is null ? -1 : FindBefore(spec, specs))];
        Russian = new CategoryTexts(russian, specs, Language.Russian);
        English = new CategoryTexts(english, specs, Language.English);
        AllNames = new Names(brands, models.Split('|'));
        LatinNames = new Names([.. brands.Where(IsLatin)], [.. models.Split('|').Where(IsLatin)]);
    }

    public string Name { get; }

    public string Slug { get; }

    public string Code { get; }

    public int Weight { get; }

    public PriceRange Price { get; }

    public Spec[] Specs { get; }

    /// <summary>For each specification the number of the one it follows, or -1.</summary>
    public int[] Followed { get; }

    public CategoryTexts Russian { get; }

    public CategoryTexts English { get; }

    /// <summary>Brands and models of Russian cards.</summary>
    public Names AllNames { get; }

    /// <summary>Brands and models of English cards: those in Latin letters.</summary>
    public Names LatinNames { get; }

    private static int FindBefore(Spec spec, Spec[] specs) =>
        Array.FindIndex(specs, 0, Array.IndexOf(specs, spec), other => other.Key == spec.Followed) is var at and >= 0
            ? at
            : throw new ArgumentException($"'{spec.Key}' follows '{spec.Followed}', which does not stand before it.", nameof(specs));

    private static bool IsLatin(string text) => !Wording.Russian.IsCyrillic(text);

    internal sealed class Names(string[] brands, string[] models)
    {
        private readonly Popularity _popularity = Popularity.Zipf(brands.Length, BrandExponent);

        public string[] Models { get; } = models.Length > 0 ? models : throw new ArgumentException("A category needs a model in Latin letters.", nameof(models));

        public string PickBrand(ref Dice dice) => brands[_popularity.Pick(ref dice)];
    }
}
