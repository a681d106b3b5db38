namespace Marketplace.SampleData.Wording;

/// <summary>The little of Russian grammar that the texts need: agreement of adjectives and of nouns with numbers.</summary>
internal static class Russian
{
    /// <summary>The forms a noun can ask for, in the order of every list of forms: masculine, feminine, neuter, plural.</summary>
    public const string Genders = "mfnp";

    /// <summary>
    /// The four nominative forms of an adjective given in the masculine (лёгкий → лёгкая, лёгкое, лёгкие);
    /// a word that is no such adjective (хаки) stays as it is.
    /// </summary>
    public static string[] Agree(string masculine)
    {
        if (masculine.Length < 3)
        {
            return [masculine, masculine, masculine, masculine];
        }

        var stem = masculine[..^2];
        var last = stem[^1];
        return masculine[^2..] switch
        {
            "ый" => [masculine, stem + "ая", stem + "ое", stem + "ые"],
            "ой" => [masculine, stem + "ая", stem + "ое", stem + ("кгхшжчщ".Contains(last) ? "ие" : "ые")],
            "ий" when "кгх".Contains(last) => [masculine, stem + "ая", stem + "ое", stem + "ие"],
            "ий" when "шжчщ".Contains(last) => [masculine, stem + "ая", stem + "ее", stem + "ие"],
            "ий" => [masculine, stem + "яя", stem + "ее", stem + "ие"],
            _ => [masculine, masculine, masculine, masculine],
        };
    }

    /// <summary>Which of (день, дня, дней) goes with this number: 0, 1 or 2.</summary>
    public static int CountForm(long number)
    {
        var ten = number % 10;
        var hundred = number % 100;
        return ten == 1 && hundred != 11 ? 0
            : ten is >= 2 and <= 4 && hundred is < 12 or > 14 ? 1
            : 2;
    }

    public static bool IsCyrillic(string text) => text.Any(c => c is >= 'А' and <= 'я' or 'ё' or 'Ё');
}
