using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Marketplace.Search.Segments;

/// <summary>Asks memory for what will be looked at soon, so that many such looks are waited for at once.</summary>
internal static class Prefetch
{
    /// <summary>Only a hint: an array that is moved meanwhile makes it useless, not wrong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Of<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}
