using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Unicode;

namespace Marketplace.Products.Validation;

/// <summary>
/// Whether bytes are UTF-8, as fast for Cyrillic as for ASCII: three table look-ups classify every pair of neighbouring bytes,
/// 32 pairs at a time. Source: J. Keiser, D. Lemire, Validating UTF-8 In Less Than One Instruction Per Byte, Software: Practice
/// and Experience 51 (2021). Processors without AVX2 take .NET's own way.
/// </summary>
public static class Utf8Text
{
    // What can be wrong with two neighbouring bytes; the pair is wrong in a way that all three tables agree on.
    private const byte TooShort = 1 << 0;
    private const byte TooLong = 1 << 1;
    private const byte Overlong3 = 1 << 2;
    private const byte TooLarge = 1 << 3;
    private const byte Surrogate = 1 << 4;
    private const byte Overlong2 = 1 << 5;
    private const byte TooLarge1000 = 1 << 6;
    private const byte Overlong4 = 1 << 6;
    private const byte TwoContinuations = 1 << 7;
    private const byte Carry = TooShort | TooLong | TwoContinuations;
    private const byte Large = Carry | TooLarge | TooLarge1000;

    /// <summary>By the upper half of the first byte.</summary>
    private static readonly Vector256<byte> FirstHigh = Twice(
        TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong,
        TwoContinuations, TwoContinuations, TwoContinuations, TwoContinuations,
        TooShort | Overlong2, TooShort, TooShort | Overlong3 | Surrogate, TooShort | TooLarge | TooLarge1000 | Overlong4);

    /// <summary>By the lower half of the first byte.</summary>
    private static readonly Vector256<byte> FirstLow = Twice(
        Carry | Overlong3 | Overlong2 | Overlong4, Carry | Overlong2, Carry, Carry,
        Carry | TooLarge, Large, Large, Large, Large, Large, Large, Large, Large, Large | Surrogate, Large, Large);

    /// <summary>By the upper half of the second byte.</summary>
    private static readonly Vector256<byte> SecondHigh = Twice(
        TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort,
        TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge1000 | Overlong4,
        TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge,
        TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge,
        TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge,
        TooShort, TooShort, TooShort, TooShort);

    /// <summary>The largest bytes that need none behind the block, by place.</summary>
    private static readonly Vector256<byte> Complete = Vector256.Create(
        Vector128<byte>.AllBitsSet,
        Vector128.Create(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xef, 0xdf, (byte)0xbf));

    public static bool IsValid(ReadOnlySpan<byte> bytes)
    {
        if (!Avx2.IsSupported || bytes.Length < Vector256<byte>.Count)
        {
            return Utf8.IsValid(bytes);
        }

        var (previous, incomplete, wrong) = (Vector256<byte>.Zero, Vector256<byte>.Zero, Vector256<byte>.Zero);
        ref var start = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; at <= bytes.Length - Vector256<byte>.Count; at += Vector256<byte>.Count)
        {
            See(Vector256.LoadUnsafe(ref start, (nuint)at), ref previous, ref incomplete, ref wrong);
        }

        // What is missing at the end is missing before a zero.
        Span<byte> rest = stackalloc byte[Vector256<byte>.Count];
        rest.Clear();
        bytes[at..].CopyTo(rest);
        See(Vector256.Create<byte>(rest), ref previous, ref incomplete, ref wrong);
        return wrong == Vector256<byte>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void See(Vector256<byte> block, ref Vector256<byte> previous, ref Vector256<byte> incomplete, ref Vector256<byte> wrong)
    {
        if (block.ExtractMostSignificantBits() == 0)
        {
            wrong |= incomplete;
            incomplete = Vector256<byte>.Zero;
        }
        else
        {
            // The block moved by one, two and three bytes, with the last ones of the block before in front.
            var bridge = Avx2.Permute2x128(previous, block, 0x21);
            var first = Avx2.AlignRight(block, bridge, 15);
            var pairs = Avx2.Shuffle(FirstHigh, High(first)) & Avx2.Shuffle(FirstLow, first & Vector256.Create((byte)0x0f)) & Avx2.Shuffle(SecondHigh, High(block));

            // Third and fourth bytes: there two continuations in a row are right, and nothing else is.
            var third = Avx2.SubtractSaturate(Avx2.AlignRight(block, bridge, 14), Vector256.Create((byte)(0xe0 - 0x80)));
            var fourth = Avx2.SubtractSaturate(Avx2.AlignRight(block, bridge, 13), Vector256.Create((byte)(0xf0 - 0x80)));
            wrong |= ((third | fourth) & Vector256.Create((byte)0x80)) ^ pairs;
            incomplete = Avx2.SubtractSaturate(block, Complete);
        }

        previous = block;
    }

    private static Vector256<byte> High(Vector256<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)0x0f);

    private static Vector256<byte> Twice(params ReadOnlySpan<byte> table) => Vector256.Create(Vector128.Create(table), Vector128.Create(table));
}
