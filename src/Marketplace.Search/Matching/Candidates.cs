using System.Numerics;
using Marketplace.Search.Querying;
using Marketplace.Search.Segments;

namespace Marketplace.Search.Matching;

/// <summary>Which products of a window are in question, a bit each, combined 64 at a time.</summary>
internal sealed class Candidates
{
    private readonly int[] _docs = new int[Window.Size];

    public ulong[] Bits { get; } = new ulong[Window.Words];

    public void Fill(bool all) => Array.Fill(Bits, all ? ulong.MaxValue : 0);

    public void Add(int doc) => Bits[(doc & Window.Mask) >> 6] |= 1UL << doc;

    public void Add(ulong[] bits)
    {
        for (var i = 0; i < Bits.Length; i++)
        {
            Bits[i] |= bits[i];
        }
    }

    public void Keep(ulong[] bits)
    {
        for (var i = 0; i < Bits.Length; i++)
        {
            Bits[i] &= bits[i];
        }
    }

    public void Remove(ulong[] bits)
    {
        for (var i = 0; i < Bits.Length; i++)
        {
            Bits[i] &= ~bits[i];
        }
    }

    /// <summary>Removes what lies behind the segment's end, and what is deleted.</summary>
    public void Clip(SegmentView view, int start)
    {
        var deleted = view.Deleted;
        var count = view.Segment.Count;
        for (var i = 0; i < Window.Words; i++)
        {
            var doc = start + (i * 64);
            if (doc + 64 > count)
            {
                Bits[i] = doc >= count ? 0 : Bits[i] & ((1UL << (count - doc)) - 1);
            }

            if (deleted is not null && doc < count)
            {
                Bits[i] &= ~deleted[doc >> 6];
            }
        }
    }

    public int Count()
    {
        var count = 0;
        foreach (var bits in Bits)
        {
            count += BitOperations.PopCount(bits);
        }

        return count;
    }

    /// <summary>The products in ascending order; valid until asked for again.</summary>
    /// <param name="start">The window's first product.</param>
    public Span<int> Docs(int start)
    {
        var count = 0;
        for (var i = 0; i < Bits.Length; i++)
        {
            for (var bits = Bits[i]; bits != 0; bits &= bits - 1)
            {
                _docs[count++] = start + (i * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return _docs.AsSpan(0, count);
    }

    /// <summary>Keeps the products that have so many of the words that are not optional, and every phrase.</summary>
    public void KeepAtLeast(QueryPlan plan, ReadOnlySpan<WordCursor> words, int needed)
    {
        for (var i = 0; i < Bits.Length; i++)
        {
            if (Bits[i] != 0)
            {
                Bits[i] &= AtLeast(plan, words, needed, i);
            }
        }
    }

    /// <summary>Counts for 64 products at once, a bit of the counts a word.</summary>
    private static ulong AtLeast(QueryPlan plan, ReadOnlySpan<WordCursor> words, int needed, int i)
    {
        ulong ones = 0, twos = 0, fours = 0, eights = 0, sixteens = 0, phrases = ulong.MaxValue;
        for (var w = 0; w < words.Length; w++)
        {
            if (plan.Words[w].IsOptional)
            {
                continue;
            }

            var carry = words[w].Window.Bits[i];
            phrases &= plan.Words[w].IsPhrase ? carry : ulong.MaxValue;
            (ones, carry) = (ones ^ carry, ones & carry);
            (twos, carry) = (twos ^ carry, twos & carry);
            (fours, carry) = (fours ^ carry, fours & carry);
            (eights, carry) = (eights ^ carry, eights & carry);
            sixteens |= carry;
        }

        // count >= needed, compared from the highest bit down.
        ulong greater = 0, equal = ulong.MaxValue;
        Compare(sixteens, 16);
        Compare(eights, 8);
        Compare(fours, 4);
        Compare(twos, 2);
        Compare(ones, 1);
        return (greater | equal) & phrases;

        void Compare(ulong bits, int value)
        {
            if ((needed & value) == 0)
            {
                greater |= equal & bits;
                equal &= ~bits;
            }
            else
            {
                equal &= bits;
            }
        }
    }
}
