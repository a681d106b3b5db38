using Marketplace.Search.Analysis;
using Marketplace.Search.Correcting;

namespace Marketplace.Search.Terms;

/// <summary>Finds the words of the other script that sound like a word: chains of terms by the hash of their key. One writer, readers without a lock.</summary>
internal sealed class SoundIndex
{
    private const int MinLength = 3;

    private readonly int[] _heads = new int[1 << 18];
    private volatile int[] _next = new int[256];

    public void Add(int term, ReadOnlySpan<char> word)
    {
        Span<char> key = stackalloc char[SoundKey.MaxLength];
        var length = word.Length < MinLength ? 0 : SoundKey.Write(word, key);
        if (length == 0)
        {
            return;
        }

        if (term >= _next.Length)
        {
            var next = _next;
            Array.Resize(ref next, Math.Max(term + 1, next.Length * 2));
            _next = next;
        }

        ref var head = ref _heads[SlotOf(key[..length])];
        _next[term] = head;
        Volatile.Write(ref head, term + 1);
    }

    /// <summary>Adds to <paramref name="found"/> the terms of the other script that have one of the word's keys.</summary>
    public void Find(string word, Script script, TermDictionary terms, List<int> found)
    {
        if (word.Length < MinLength)
        {
            return;
        }

        Span<char> buffer = stackalloc char[SoundKey.MaxLength];
        foreach (var key in SoundKey.Variants(word))
        {
            for (var term = Volatile.Read(ref _heads[SlotOf(key)]) - 1; term >= 0; term = _next[term] - 1)
            {
                var text = terms.Text(term);
                if (Stemmer.ScriptOf(text) != script && buffer[..SoundKey.Write(text, buffer)].SequenceEqual(key) && !found.Contains(term))
                {
                    found.Add(term);
                }
            }
        }
    }

    // Randomized per process, as all hashes of text that others choose.
    private int SlotOf(ReadOnlySpan<char> key) => string.GetHashCode(key) & (_heads.Length - 1);
}
