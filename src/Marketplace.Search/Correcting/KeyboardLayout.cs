namespace Marketplace.Search.Correcting;

/// <summary>What was meant when the keyboard was set to the other language: <c>yjen,er</c> is ноутбук, <c>шзрщту</c> is iphone.</summary>
internal static class KeyboardLayout
{
    private const string Latin = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>";
    private const string Cyrillic = "ёйцукенгшщзхъфывапролджэячсмитьбюёйцукенгшщзхъфывапролджэячсмитьбю";

    private static readonly Dictionary<char, char> ToCyrillic = Latin.Zip(Cyrillic).ToDictionary(p => p.First, p => p.Second);
    private static readonly Dictionary<char, char> ToLatin = Cyrillic.Zip(Latin).Take(33).ToDictionary(p => p.First, p => p.Second);

    /// <summary>The same keys on the other layout; null for text that has letters of both scripts or of none.</summary>
    public static string? Switch(string typed)
    {
        bool hasLatin = false, hasCyrillic = false;
        foreach (var c in typed)
        {
            hasLatin |= char.IsAsciiLetter(c);
            hasCyrillic |= c is (>= 'а' and <= 'я') or (>= 'А' and <= 'Я') or 'ё' or 'Ё';
        }

        if (hasLatin == hasCyrillic)
        {
            return null;
        }

        var keys = hasLatin ? ToCyrillic : ToLatin;
        return string.Create(typed.Length, (typed, keys), static (target, state) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var c = state.typed[i];
                target[i] = state.keys.GetValueOrDefault(char.IsAsciiLetter(c) ? c : char.ToLowerInvariant(c), c);
            }
        });
    }
}
