namespace Marketplace.Search.Correcting;

/// <summary>
/// A word that many others are compared with: their Damerau–Levenshtein distance in its restricted form (optimal string alignment), all
/// letters of a column at once as the bits of a number (Hyyrö 2003). Letters are told apart by their lowest seven bits, which is exact for
/// Latin and for Cyrillic.
/// </summary>
internal readonly ref struct EditPattern
{
    public const int TableLength = 128;

    /// <summary>Letters of the longest word that can be compared with others.</summary>
    public const int MaxLength = 64;

    private readonly ReadOnlySpan<ulong> _places;
    private readonly int _length;

    /// <param name="word">Of one to <see cref="MaxLength"/> letters.</param>
    /// <param name="table">Of <see cref="TableLength"/>, for as long as the pattern is used.</param>
    public EditPattern(ReadOnlySpan<char> word, Span<ulong> table)
    {
        table.Clear();
        for (var i = 0; i < word.Length; i++)
        {
            table[word[i] & (TableLength - 1)] |= 1UL << i;
        }

        _places = table;
        _length = word.Length;
    }

    /// <summary>The number of edits, or something above <paramref name="most"/> when there are more.</summary>
    public int Edits(ReadOnlySpan<char> other, int most) => Edits(other, most, out _);

    /// <summary>Whether some beginning of the other word is so many edits away.</summary>
    public bool IsNearBeginning(ReadOnlySpan<char> other, int most)
    {
        Edits(other[..Math.Min(other.Length, _length + most)], int.MaxValue - MaxLength, out var least);
        return least <= most;
    }

    private int Edits(ReadOnlySpan<char> other, int most, out int least)
    {
        var distance = _length;
        least = distance;
        var last = 1UL << (_length - 1);
        ulong up = ulong.MaxValue, down = 0, diagonal = 0, before = 0;
        for (var i = 0; i < other.Length; i++)
        {
            var places = _places[other[i] & (TableLength - 1)];
            var swapped = ((~diagonal & places) << 1) & before;
            diagonal = (((places & up) + up) ^ up) | places | down | swapped;
            var right = down | ~(diagonal | up);
            var left = diagonal & up;
            distance += (right & last) != 0 ? 1 : 0;
            distance -= (left & last) != 0 ? 1 : 0;
            least = Math.Min(least, distance);

            // Each letter that is left can take back one.
            if (distance - (other.Length - 1 - i) > most)
            {
                return most + 1;
            }

            right = (right << 1) | 1;
            up = (left << 1) | ~(diagonal | right);
            down = right & diagonal;
            before = places;
        }

        return distance;
    }
}
