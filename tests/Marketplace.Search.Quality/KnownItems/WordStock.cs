using Marketplace.Search.Analysis;

namespace Marketplace.Search.Quality.KnownItems;

/// <summary>
/// Real words in the order of how often they are used, each with its grammatical forms: the words of a file, grouped by stem, in an
/// order that the seed decides. The frequencies follow Zipf's law in Mandelbrot's form, 1 / (rank + <see cref="Flattening"/>).
/// </summary>
internal sealed class WordStock
{
    private const int Flattening = 10;
    private const int MinLength = 3;
    private const int MaxLength = 14;

    /// <summary>What shoppers add to a query and no product has.</summary>
    public static readonly string[] Additions = ["купить", "недорого", "заказать", "дешево", "доставка", "скидка"];

    private readonly string[][] _forms;
    private readonly double[] _upTo;
    private Dictionary<string, string[]>? _byStem;

    public WordStock(IEnumerable<string> words, int seed)
    {
        _forms = [.. words
            .Where(w => w.Length is >= MinLength and <= MaxLength && Stemmer.ScriptOf(w) != Script.Other && !FunctionWords.Contains(w))
            .GroupBy(StemOf)
            .Where(g => !Additions.Select(StemOf).Contains(g.Key))
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.ToArray())];
        new Random(seed).Shuffle(_forms);
        var sum = 0.0;
        _upTo = [.. _forms.Select((_, rank) => sum += 1.0 / (rank + Flattening))];
    }

    public static string StemOf(string word)
    {
        Span<char> buffer = stackalloc char[word.Length + 1];
        return buffer[..Stemmer.Stem(word, Stemmer.ScriptOf(word), buffer)].ToString();
    }

    /// <summary>A word in one of its forms.</summary>
    public string Pick(Random random) => random.GetItems(_forms[Rank(random)], 1)[0];

    /// <summary>A word among the most frequent.</summary>
    public string PickCommon(Random random, int ranks) => random.GetItems(_forms[random.Next(ranks)], 1)[0];

    /// <summary>The forms of a word, itself among them.</summary>
    public IReadOnlyList<string> FormsOf(string word)
    {
        _byStem ??= _forms.ToDictionary(forms => StemOf(forms[0]), StringComparer.Ordinal);
        return _byStem.GetValueOrDefault(StemOf(word)) ?? [word];
    }

    private int Rank(Random random)
    {
        var at = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return Math.Min(at < 0 ? ~at : at, _upTo.Length - 1);
    }
}
