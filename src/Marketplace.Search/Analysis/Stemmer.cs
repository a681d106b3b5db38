namespace Marketplace.Search.Analysis;

internal enum Script : byte
{
    Other,
    Latin,
    Cyrillic,
}

/// <summary>Chooses the stemmer by the script of a word.</summary>
internal static class Stemmer
{
    /// <summary>The script of a folded word; <see cref="Script.Other"/> when it mixes several or has digits.</summary>
    public static Script ScriptOf(ReadOnlySpan<char> word)
    {
        if (word.IndexOfAnyExceptInRange('a', 'z') < 0)
        {
            return Script.Latin;
        }

        return word.IndexOfAnyExceptInRange('\u0430', '\u045F') < 0 ? Script.Cyrillic : Script.Other;
    }

    /// <summary>Writes the stem of a lower-case word; returns its length. The buffer needs one character more than the word.</summary>
    public static int Stem(ReadOnlySpan<char> word, Script script, Span<char> stem)
    {
        word.CopyTo(stem);
        switch (script)
        {
            case Script.Cyrillic:
                stem[..word.Length].Replace('ё', 'е');
                return RussianStemmer.StemLength(stem[..word.Length]);
            case Script.Latin:
                return EnglishStemmer.Stem(stem, word.Length);
            default:
                return word.Length;
        }
    }
}
