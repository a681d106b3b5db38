using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>Which products of a window are in question, a bit each, combined as many at a time as the processor can.</summary>
internal sealed class Candidates
{
    private readonly int[] _docs = new int[Window.Size];

    public ulong[] Bits { get; } = new ulong[Window.Words];

    public void Fill(bool all) => Array.Fill(Bits, all ? ulong.MaxValue : 0);

    /// <summary>Takes these products and no others; returns how many.</summary>
    public int Set(ulong[] bits)
    {
        bits.CopyTo(Bits, 0);
        return Count();
    }

    public void Add(int doc) => Bits[(doc & Window.Mask) >> 6] |= 1UL << doc;

    public void Add(ulong[] bits)
    {
        var all = Vectors(Bits);
        var more = Vectors(bits);
        for (var i = 0; i < all.Length; i++)
        {
            all[i] |= more[i];
        }
    }

    /// <summary>Removes what is not among these products; returns how many are left.</summary>
    public int Keep(ulong[] bits)
    {
        var all = Vectors(Bits);
        var kept = Vectors(bits);
        var count = 0;
        for (var i = 0; i < all.Length; i++)
        {
            var left = all[i] & kept[i];
            all[i] = left;
            count += CountOf(left);
        }

        return count;
    }

    public void Remove(ulong[] bits)
    {
        var all = Vectors(Bits);
        var removed = Vectors(bits);
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = Vector512.AndNot(all[i], removed[i]);
        }
    }

    /// <summary>Removes what lies behind the segment's end, and what is deleted.</summary>
    public void Clip(SegmentView view, int start)
    {
        var count = view.Segment.Count - start;
        if (count < Window.Size)
        {
            Bits.AsSpan((count + 63) / 64).Clear();
            if ((count & 63) != 0)
            {
                Bits[count >> 6] &= (1UL << count) - 1;
            }
        }

        if (view.Deleted is { } deleted)
        {
            var first = start / 64;
            for (var i = 0; i < Math.Min(Bits.Length, deleted.Length - first); i++)
            {
                Bits[i] &= ~deleted[first + i];
            }
        }
    }

    public int Count()
    {
        var count = 0;
        foreach (var bits in Vectors(Bits))
        {
            count += CountOf(bits);
        }

        return count;
    }

    /// <summary>The products in ascending order; valid until asked for again.</summary>
    /// <param name="start">The window's first product.</param>
    public Span<int> Docs(int start)
    {
        var count = 0;
        var all = Vectors(Bits);
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i] == Vector512<ulong>.Zero)
            {
                continue;
            }

            var first = i * Vector512<ulong>.Count;
            for (var word = first; word < first + Vector512<ulong>.Count; word++)
            {
                for (var bits = Bits[word]; bits != 0; bits &= bits - 1)
                {
                    _docs[count++] = start + (word * 64) + BitOperations.TrailingZeroCount(bits);
                }
            }
        }

        return _docs.AsSpan(0, count);
    }

    /// <summary>Keeps the products that have so many of the words that are not optional, and every phrase. Counts them all at once, a bit of the counts a word.</summary>
    /// <param name="required">The words that are not optional.</param>
    /// <returns>How many are left.</returns>
    public int KeepAtLeast(PlanWord[] plan, ReadOnlySpan<WordCursor> words, ReadOnlySpan<int> required, int needed)
    {
        var candidates = Vectors(Bits);
        var count = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i] == Vector512<ulong>.Zero)
            {
                continue;
            }

            Vector512<ulong> ones = default, twos = default, fours = default, eights = default, sixteens = default, phrases = Vector512<ulong>.AllBitsSet;
            foreach (var w in required)
            {
                var carry = Vectors(words[w].Window.Bits)[i];
                phrases = plan[w].IsPhrase ? phrases & carry : phrases;
                (ones, carry) = (ones ^ carry, ones & carry);
                (twos, carry) = (twos ^ carry, twos & carry);
                if (required.Length > 3)
                {
                    (fours, carry) = (fours ^ carry, fours & carry);
                    (eights, carry) = (eights ^ carry, eights & carry);
                    sixteens |= carry;
                }
            }

            // count >= needed, compared from the highest bit down.
            Vector512<ulong> greater = default, equal = Vector512<ulong>.AllBitsSet;
            if (required.Length > 3)
            {
                Compare(sixteens, 16, needed, ref greater, ref equal);
                Compare(eights, 8, needed, ref greater, ref equal);
                Compare(fours, 4, needed, ref greater, ref equal);
            }

            Compare(twos, 2, needed, ref greater, ref equal);
            Compare(ones, 1, needed, ref greater, ref equal);
            candidates[i] &= (greater | equal) & phrases;
            count += CountOf(candidates[i]);
        }

        return count;
    }

    private static void Compare(Vector512<ulong> bits, int value, int needed, ref Vector512<ulong> greater, ref Vector512<ulong> equal)
    {
        if ((needed & value) == 0)
        {
            greater |= equal & bits;
            equal = Vector512.AndNot(equal, bits);
        }
        else
        {
            equal &= bits;
        }
    }

    // Most windows have few products: zeros are passed over eight words at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountOf(Vector512<ulong> bits)
    {
        if (bits == Vector512<ulong>.Zero)
        {
            return 0;
        }

        var count = 0;
        for (var i = 0; i < Vector512<ulong>.Count; i++)
        {
            count += BitOperations.PopCount(bits[i]);
        }

        return count;
    }

    private static Span<Vector512<ulong>> Vectors(ulong[] bits) => MemoryMarshal.Cast<ulong, Vector512<ulong>>(bits.AsSpan());
}
