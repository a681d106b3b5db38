using System.Numerics;

namespace Marketplace.Search.Segments;

/// <summary>
/// Where a term stands among the sorted terms of a segment, in two steps in memory where the segment has many of all terms (a bit for
/// each, and how many are before each 64), by binary search where it has few.
/// </summary>
internal sealed class TermRanks
{
    /// <summary>Terms of the index for each one of the segment's, above which bits would take more memory than they are worth.</summary>
    private const int Sparse = 128;

    private readonly int[] _terms;
    private readonly ulong[]? _bits;
    private readonly int[]? _before;

    public TermRanks(int[] terms)
    {
        _terms = terms;
        if (terms.Length == 0 || terms[^1] / Sparse > terms.Length)
        {
            return;
        }

        _bits = new ulong[(terms[^1] >> 6) + 1];
        foreach (var term in terms)
        {
            _bits[term >> 6] |= 1UL << term;
        }

        _before = new int[_bits.Length];
        for (var i = 1; i < _before.Length; i++)
        {
            _before[i] = _before[i - 1] + BitOperations.PopCount(_bits[i - 1]);
        }
    }

    /// <summary>The term's place, negative when no product of the segment has it.</summary>
    public int Of(int term)
    {
        if (_bits is null)
        {
            return Array.BinarySearch(_terms, term);
        }

        var word = term >> 6;
        return (uint)word < (uint)_bits.Length && (_bits[word] & (1UL << term)) != 0
            ? _before![word] + BitOperations.PopCount(_bits[word] & ((1UL << term) - 1))
            : -1;
    }
}
