namespace Marketplace.Search.Correcting;

/// <summary>
/// A spelling in Latin letters that a word and its transliteration have in common, whichever of the usual schemes was used:
/// <c>чайник</c>, <c>chajnik</c> and <c>chaynik</c>; <c>samsung</c> and <c>самсунг</c>.
/// </summary>
internal static class SoundKey
{
    public const int MaxLength = 96;

    private const int MaxVariants = 24;

    private static readonly string[] Romanized =
    [
        "a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sh", "", "i", "", "e", "iu", "ia",
    ];

    // Longest first where one begins another.
    private static readonly (string From, string To)[] Rules =
    [
        ("shch", "sh"), ("sch", "sh"), ("sh", "sh"), ("tch", "ch"), ("ch", "ch"), ("dzh", "zh"), ("oo", "u"), ("ee", "i"), ("zh", "zh"), ("kh", "h"), ("ph", "f"),
        ("tz", "ts"), ("ts", "ts"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ye", "e"), ("je", "e"), ("c", "k"), ("q", "k"), ("w", "v"), ("x", "ks"), ("y", "i"), ("j", "zh"),
    ];

    // What else a letter of a Latin query may stand for, and of a Cyrillic one.
    private static readonly (string From, string To)[] LatinVariants = [("j", "i"), ("c", "ts"), ("yo", "e"), ("jo", "e"), ("x", "h"), ("io", "e"), ("h", ""), ("je", "ie"), ("ye", "ie")];
    private static readonly (string From, string To)[] CyrillicVariants = [("ц", "к"), ("ц", "с"), ("х", "кс"), ("у", "в")];

    /// <summary>Writes the key of a folded word of one script; returns its length, 0 when there is none.</summary>
    public static int Write(ReadOnlySpan<char> word, Span<char> key)
    {
        Span<char> latin = stackalloc char[MaxLength];
        var length = 0;
        foreach (var c in word)
        {
            var index = c - 'а';
            if (index is >= 0 and < 32)
            {
                var letters = Romanized[index];
                if (length + letters.Length > latin.Length)
                {
                    return 0;
                }

                letters.CopyTo(latin[length..]);
                length += letters.Length;
            }
            else if (length < latin.Length)
            {
                latin[length++] = c;
            }
        }

        return Canonical(latin[..length], key);
    }

    /// <summary>The keys that a query's word may have, its own first.</summary>
    public static List<string> Variants(string word)
    {
        var spellings = new List<string> { word };
        foreach (var (from, to) in char.IsAsciiLetter(word[0]) ? LatinVariants : CyrillicVariants)
        {
            var count = spellings.Count;
            for (var i = 0; i < count && spellings.Count < MaxVariants; i++)
            {
                if (spellings[i].Contains(from, StringComparison.Ordinal))
                {
                    spellings.Add(spellings[i].Replace(from, to, StringComparison.Ordinal));
                }
            }
        }

        var keys = new List<string>();
        Span<char> key = stackalloc char[MaxLength];
        foreach (var spelling in spellings)
        {
            var length = Write(spelling, key);
            if (length > 0)
            {
                keys.Add(key[..length].ToString());
            }
        }

        return [.. keys.Distinct()];
    }

    private static int Canonical(ReadOnlySpan<char> latin, Span<char> key)
    {
        var length = 0;
        for (var i = 0; i < latin.Length;)
        {
            var (from, to) = RuleAt(latin[i..]);
            var letters = from is null ? latin.Slice(i, 1) : to;
            foreach (var c in letters)
            {
                // Doubled letters count once.
                if ((length == 0 || key[length - 1] != c) && length < key.Length)
                {
                    key[length++] = c;
                }
            }

            i += from?.Length ?? 1;
        }

        return length;
    }

    private static (string? From, string To) RuleAt(ReadOnlySpan<char> text)
    {
        foreach (var (from, to) in Rules)
        {
            if (text.StartsWith(from, StringComparison.Ordinal))
            {
                return (from, to);
            }
        }

        return (null, "");
    }
}
