namespace Marketplace.Search.Analysis;

/// <summary>The Snowball stemmer for Russian (snowballstem.org, algorithms/russian).</summary>
internal static class RussianStemmer
{
    private const string Vowels = "аеиоуыэюя";

    private static readonly Endings PerfectiveGerund = new("в вши вшись", "ив ивши ившись ыв ывши ывшись");
    private static readonly Endings Reflexive = new("ся сь");
    private static readonly Endings Adjective = new("ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому их ых ую юю ая яя ою ею");
    private static readonly Endings Participle = new("ем нн вш ющ щ", "ивш ывш ующ");

    private static readonly Endings Verb = new(
        "ла на ете йте ли й л ем н ло но ет ют ны ть ешь нно",
        "ила ыла ена ейте уйте ите или ыли ей уй ил ыл им ым ен ило ыло ено ят ует уют ит ыт ены ить ыть ишь ую ю");

    private static readonly Endings Noun = new("а ев ов ие ье е иями ями ами еи ии и ией ей ой ий й иям ям ием ем ам ом о у ах иях ях ы ь ию ью ю ия ья я");
    private static readonly Endings Derivational = new("ост ость");
    private static readonly Endings Tidy = new("ейш ейше", "н", "ь");

    /// <summary>How many characters of a lower-case word (ё folded to е) are its stem.</summary>
    public static int StemLength(ReadOnlySpan<char> word)
    {
        var rv = AfterVowel(word, 0);
        if (rv < 0)
        {
            return word.Length;
        }

        var r2 = RegionAfter(word, RegionAfter(word, 0));
        var length = RemoveInflection(word, rv, word.Length);
        if (length > rv && word[length - 1] == 'и')
        {
            length--;
        }

        var derivation = Derivational.Find(word[rv..length], out _);
        if (derivation > 0 && length - derivation >= r2)
        {
            length -= derivation;
        }

        return TidyUp(word, rv, length);
    }

    private static int RemoveInflection(ReadOnlySpan<char> word, int rv, int length)
    {
        if (Remove(PerfectiveGerund, word, rv, ref length))
        {
            return length;
        }

        Remove(Reflexive, word, rv, ref length, needsVowel: false);
        if (Remove(Adjective, word, rv, ref length, needsVowel: false))
        {
            Remove(Participle, word, rv, ref length);
            return length;
        }

        if (!Remove(Verb, word, rv, ref length))
        {
            Remove(Noun, word, rv, ref length, needsVowel: false);
        }

        return length;
    }

    private static int TidyUp(ReadOnlySpan<char> word, int rv, int length)
    {
        var tidy = Tidy.Find(word[rv..length], out var group);
        switch (group)
        {
            case 0:
                length -= tidy;
                return EndsWithDoubleN(word, rv, length) ? length - 1 : length;
            case 1:
                return EndsWithDoubleN(word, rv, length) ? length - 1 : length;
            case 2:
                return length - 1;
            default:
                return length;
        }
    }

    /// <summary>Takes the longest ending off; one of the first group only after а or я.</summary>
    private static bool Remove(Endings endings, ReadOnlySpan<char> word, int rv, ref int length, bool needsVowel = true)
    {
        var found = endings.Find(word[rv..length], out var group);
        var before = length - found - 1;
        if (found == 0 || (needsVowel && group == 0 && (before < rv || word[before] is not ('а' or 'я'))))
        {
            return false;
        }

        length -= found;
        return true;
    }

    private static bool EndsWithDoubleN(ReadOnlySpan<char> word, int rv, int length) =>
        length - 2 >= rv && word[length - 1] == 'н' && word[length - 2] == 'н';

    private static int AfterVowel(ReadOnlySpan<char> word, int from)
    {
        var at = word[from..].IndexOfAny(Vowels);
        return at < 0 ? -1 : from + at + 1;
    }

    /// <summary>Where the region after the first consonant that follows a vowel begins.</summary>
    private static int RegionAfter(ReadOnlySpan<char> word, int from)
    {
        var vowel = AfterVowel(word, from);
        if (vowel < 0)
        {
            return word.Length;
        }

        var consonant = word[vowel..].IndexOfAnyExcept(Vowels);
        return consonant < 0 ? word.Length : vowel + consonant + 1;
    }
}
