using System.Numerics;

namespace Marketplace.Search.Terms;

/// <summary>
/// Finds the words that may be within an edit distance of another: by length, and by which letters they are made of. An edit
/// changes at most two bits of that set, so a scan of 64-bit sets leaves few words to compare in full.
/// </summary>
internal sealed class SpellingIndex
{
    private const int MaxLength = Analysis.Tokenizer.MaxTokenLength;

    private readonly TermList[] _byLength = [.. Enumerable.Range(0, MaxLength + 1).Select(_ => new TermList())];

    public void Add(int term, ReadOnlySpan<char> word)
    {
        if (word.Length is > 0 and <= MaxLength)
        {
            _byLength[word.Length].Add(term, LettersOf(word));
        }
    }

    /// <summary>Adds to <paramref name="found"/> every word that can be within the distance, and some that are not.</summary>
    public void FindCandidates(ReadOnlySpan<char> word, int distance, List<int> found)
    {
        var letters = LettersOf(word);
        for (var length = Math.Max(1, word.Length - distance); length <= Math.Min(MaxLength, word.Length + distance); length++)
        {
            _byLength[length].Read(out var terms, out var sets);
            for (var i = 0; i < sets.Length; i++)
            {
                if (BitOperations.PopCount(sets[i] ^ letters) <= 2 * distance)
                {
                    found.Add(terms[i]);
                }
            }
        }
    }

    private static ulong LettersOf(ReadOnlySpan<char> word)
    {
        var letters = 0UL;
        foreach (var c in word)
        {
            letters |= 1UL << c switch
            {
                >= 'а' and <= 'я' => c - 'а',
                >= 'a' and <= 'z' => 32 + c - 'a',
                _ => 58 + (c % 6),
            };
        }

        return letters;
    }
}
