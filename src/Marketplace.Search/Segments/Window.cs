using System.Runtime.CompilerServices;

namespace Marketplace.Search.Segments;

/// <summary>
/// What one word finds among <see cref="Size"/> consecutive products: which have it, and its frequency in each, so that words are
/// combined without sorting or merging. Small enough to stay in the processor's second cache; smaller ones cost a look at every term more often.
/// </summary>
internal sealed class Window
{
    public const int Size = 16384;
    public const int Mask = Size - 1;
    public const int Words = Size / 64;

    public readonly ulong[] Bits = new ulong[Words];
    public readonly float[] Frequencies = new float[Size];

    public void Clear() => Array.Clear(Bits);

    /// <summary>Adds a product that is not there yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddNew(int doc, float frequency)
    {
        var i = doc & Mask;
        Frequencies[i] = frequency;
        Bits[i >> 6] |= 1UL << i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int doc, float frequency)
    {
        var i = doc & Mask;
        ref var bits = ref Bits[i >> 6];
        var bit = 1UL << i;
        // A frequency without its bit is left over from another window.
        Frequencies[i] = (bits & bit) != 0 ? Frequencies[i] + frequency : frequency;
        bits |= bit;
    }
}
