using System.Numerics;
using System.Runtime.Intrinsics;
using Marketplace.Search.Analysis;

namespace Marketplace.Search.Terms;

/// <summary>
/// Finds the words that may be within an edit distance of another: by script, by length, and by how often each letter is in them (not at all,
/// once, more often). An edit changes at most two bits of that, so a scan of 64-bit sets leaves few words to compare in full.
/// </summary>
internal sealed class SpellingIndex
{
    private const int MaxLength = Tokenizer.MaxTokenLength;
    private const int Letters = 32;

    private readonly TermList[] _latin = Lists();
    private readonly TermList[] _cyrillic = Lists();

    public void Add(int term, ReadOnlySpan<char> word, Script script)
    {
        if (script != Script.Other && word.Length is > 0 and <= MaxLength)
        {
            Of(script)[word.Length].Add(term, LettersOf(word));
        }
    }

    /// <summary>Adds to <paramref name="found"/> every word of the script that can be within the distance, and some that are not.</summary>
    public void FindCandidates(ReadOnlySpan<char> word, Script script, int distance, List<int> found)
    {
        var letters = LettersOf(word);
        for (var length = Math.Max(1, word.Length - distance); length <= Math.Min(MaxLength, word.Length + distance); length++)
        {
            Of(script)[length].Read(out var terms, out var sets);
            var i = 0;
            for (; i <= sets.Length - Vector256<ulong>.Count; i += Vector256<ulong>.Count)
            {
                // Nothing is left where no more bits were set than are taken away here, the lowest one each time.
                var differing = Vector256.LoadUnsafe(in sets[i]) ^ Vector256.Create(letters);
                for (var bit = 0; bit < 2 * distance; bit++)
                {
                    differing &= differing - Vector256<ulong>.One;
                }

                for (var near = Vector256.Equals(differing, Vector256<ulong>.Zero).ExtractMostSignificantBits(); near != 0; near &= near - 1)
                {
                    found.Add(terms[i + BitOperations.TrailingZeroCount(near)]);
                }
            }

            for (; i < sets.Length; i++)
            {
                if (BitOperations.PopCount(sets[i] ^ letters) <= 2 * distance)
                {
                    found.Add(terms[i]);
                }
            }
        }
    }

    private static TermList[] Lists() => [.. Enumerable.Range(0, MaxLength + 1).Select(_ => new TermList())];

    private TermList[] Of(Script script) => script == Script.Latin ? _latin : _cyrillic;

    /// <summary>A bit for each letter that is there, and another for each that is there more than once.</summary>
    private static ulong LettersOf(ReadOnlySpan<char> word)
    {
        var letters = 0UL;
        foreach (var c in word)
        {
            var bit = 1UL << ((c <= 'z' ? c - 'a' : c - 'а') & (Letters - 1));
            letters |= (letters & bit) != 0 ? bit << Letters : bit;
        }

        return letters;
    }
}
