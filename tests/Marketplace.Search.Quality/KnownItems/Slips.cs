namespace Marketplace.Search.Quality.KnownItems;

/// <summary>How people mistype, and how they write words on another layout or in other letters; apart from the engine's own tables.</summary>
internal static class Slips
{
    private const string RussianKeys = "йцукенгшщзхъфывапролджэячсмитьбюё";
    private const string EnglishKeys = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
    private const string RussianLetters = "абвгдежзийклмнопрстуфхцчшщъыьэюя";

    private static readonly string[][] Schemes =
    [
        ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"],
        ["a", "b", "v", "g", "d", "e", "zh", "z", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "c", "ch", "sh", "shh", "", "y", "", "e", "ju", "ja"],
        ["a", "b", "v", "g", "d", "e", "j", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sch", "", "i", "", "e", "yu", "ya"],
    ];

    private static readonly (string Latin, string Cyrillic)[] EnglishSounds =
    [
        ("sh", "ш"), ("ch", "ч"), ("ph", "ф"), ("ck", "к"), ("oo", "у"), ("ee", "и"), ("ce", "се"), ("ci", "си"), ("cy", "си"), ("x", "кс"), ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"),
        ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"), ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"), ("v", "в"), ("w", "в"), ("y", "и"), ("z", "з"),
    ];

    /// <summary>One letter missing, too many, wrong (half the time its neighbour on the keyboard) or swapped with the next.</summary>
    public static string Mistype(string word, Random random)
    {
        var keys = word[0] is >= 'a' and <= 'z' ? EnglishKeys : RussianKeys;
        while (true)
        {
            var at = random.Next(word.Length);
            var other = Letter(keys, random);
            var near = keys[Math.Clamp(keys.IndexOf(word[at]) + (random.Next(2) == 0 ? 1 : -1), 0, keys.Length - 1)];
            var wrong = random.Next(2) == 0 && char.IsLetter(near) ? near : other;
            var mistyped = random.Next(4) switch
            {
                0 => word.Remove(at, 1),
                1 => word.Insert(at, other.ToString()),
                2 => string.Concat(word.AsSpan(0, at), [wrong], word.AsSpan(at + 1)),
                _ => at + 1 < word.Length ? string.Concat(word.AsSpan(0, at), [word[at + 1], word[at]], word.AsSpan(at + 2)) : word,
            };
            if (mistyped != word)
            {
                return mistyped;
            }
        }
    }

    public static string OnOtherLayout(string text) => string.Concat(text.Select(c =>
        RussianKeys.IndexOf(c) is >= 0 and var r ? EnglishKeys[r] : EnglishKeys.IndexOf(c) is >= 0 and var e ? RussianKeys[e] : c));

    public static string InOtherLetters(string word, Random random)
    {
        if (word[0] is >= 'a' and <= 'z')
        {
            var cyrillic = "";
            for (var i = 0; i < word.Length;)
            {
                var (latin, sound) = EnglishSounds.First(s => word.AsSpan(i).StartsWith(s.Latin));
                cyrillic += sound;
                i += latin.Length;
            }

            return cyrillic;
        }

        var scheme = Schemes[random.Next(Schemes.Length)];
        return string.Concat(word.Replace('ё', 'е').Select(c => RussianLetters.IndexOf(c) is >= 0 and var at ? scheme[at] : c.ToString()));
    }

    private static char Letter(string keys, Random random)
    {
        while (true)
        {
            var c = keys[random.Next(keys.Length)];
            if (char.IsLetter(c))
            {
                return c;
            }
        }
    }
}
