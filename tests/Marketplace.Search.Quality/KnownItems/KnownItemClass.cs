namespace Marketplace.Search.Quality.KnownItems;

/// <param name="Text">What is typed.</param>
/// <param name="Words">What is meant: a product found counts when it has all of these words, in some form. None: nothing is to be found.</param>
internal sealed record KnownItemQuery(string Text, IReadOnlyList<string> Words);

/// <summary>A kind of query, and the share of them that has to find what is meant among the first ten.</summary>
internal sealed record KnownItemClass(string Name, double Threshold, Func<GeneratedCatalog, int, Random, KnownItemQuery?> Make)
{
    private const int CommonRanks = 400;

    /// <summary>The classes; each makes a query of a product, or null when the product does not lend itself to it.</summary>
    public static IReadOnlyList<KnownItemClass> All { get; } =
    [
        new("three words", 0.995, (c, i, r) => Three(c, i, r) is { } words ? new KnownItemQuery(string.Join(' ', words), words) : null),
        new("another grammatical form", 0.995, (c, i, r) => Changed(Three(c, i, r), w => OtherForm(c, w, r), 1)),
        new("one typo, Russian", 0.99, (c, i, r) => c.IsRussian(i) ? Changed(Three(c, i, r), w => w.Length >= 5 ? Slips.Mistype(w, r) : w, 1, atMost: 1) : null),
        new("one typo, English", 0.99, (c, i, r) => !c.IsRussian(i) ? Changed(Three(c, i, r), w => w.Length >= 5 ? Slips.Mistype(w, r) : w, 1, atMost: 1) : null),
        new("a typo in each of two words", 0.985, (c, i, r) => Changed(Three(c, i, r)?[..2], w => w.Length >= 5 ? Slips.Mistype(w, r) : w, 2)),
        new("wrong layout", 0.995, (c, i, r) => Changed(Three(c, i, r), Slips.OnOtherLayout, 3)),
        new("ё for е, е for ё", 0.995, (c, i, r) => Changed(Three(c, i, r), w => w.Contains('ё') ? w.Replace('ё', 'е') : w.Replace('е', 'ё'), 1)),
        new("transliterated", 0.98, (c, i, r) => Changed(Three(c, i, r), w => Slips.InOtherLetters(w, r), 3)),
        new("last word cut to 3–4 letters", 0.97, (c, i, r) => Three(c, i, r) is { } w && w[2].Length > 4 ? new KnownItemQuery($"{w[0]} {w[1]} {w[2][..r.Next(3, 5)]}", w) : null),
        new("one common word, mistyped", 0.95, Common),
        new("two words and one that no product has", 0.97, (c, i, r) => Three(c, i, r)?[..2] is { } w ? new KnownItemQuery(With(w, r.GetItems(WordStock.Additions, 1)[0], r), w) : null),
        new("nonsense", 0.99, (_, _, r) => new KnownItemQuery(Nonsense(r), [])),
    ];

    private static List<string>? Three(GeneratedCatalog catalog, int index, Random random)
    {
        var words = catalog.NameWords(index);
        return words.Count < 3 ? null : [.. Enumerable.Range(0, words.Count).OrderBy(_ => random.Next()).Take(3).Order().Select(i => words[i])];
    }

    private static KnownItemQuery? Changed(List<string>? words, Func<string, string> change, int atLeast, int atMost = int.MaxValue)
    {
        if (words is null)
        {
            return null;
        }

        var changes = 0;
        var typed = words.ConvertAll(w =>
        {
            var changed = changes < atMost ? change(w) : w;
            changes += changed == w ? 0 : 1;
            return changed;
        });
        return changes >= atLeast ? new KnownItemQuery(string.Join(' ', typed), words) : null;
    }

    private static string OtherForm(GeneratedCatalog catalog, string word, Random random)
    {
        var others = (word[0] is >= 'a' and <= 'z' ? catalog.English : catalog.Russian).FormsOf(word).Where(f => f != word).ToArray();
        return others.Length == 0 ? word : random.GetItems(others, 1)[0];
    }

    private static KnownItemQuery? Common(GeneratedCatalog catalog, int index, Random random)
    {
        var word = (catalog.IsRussian(index) ? catalog.Russian : catalog.English).PickCommon(random, CommonRanks);
        return word.Length < 5 ? null : new KnownItemQuery(Slips.Mistype(word, random), [word]);
    }

    private static string With(List<string> words, string added, Random random) =>
        random.Next(2) == 0 ? $"{added} {words[0]} {words[1]}" : $"{words[0]} {words[1]} {added}";

    private static string Nonsense(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        string.Concat(Enumerable.Range(0, random.Next(6, 13)).Select(_ => "qwertyuiopasdfghjklzxcvbnm"[random.Next(26)]))));
}
