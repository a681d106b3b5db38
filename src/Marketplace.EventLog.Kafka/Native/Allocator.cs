using System.Runtime.InteropServices;

namespace Marketplace.EventLog.Kafka.Native;

/// <summary>
/// The C library's allocator, from which librdkafka takes memory for every record and every batch. glibc gives what a batch frees back
/// to the system and takes it again for the next, page by page; told to keep some, it does neither. Options: glibc's malloc.h.
/// </summary>
internal static partial class Allocator
{
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    /// <summary>What it may keep of what is free; as large as glibc allows where a piece is mapped by itself.</summary>
    private const int KeptBytes = 32 * 1024 * 1024;

    /// <summary>What it takes at once.</summary>
    private const int StepBytes = 1024 * 1024;

    public static void KeepFreed()
    {
        try
        {
            _ = Set(MmapThreshold, KeptBytes);
            _ = Set(TrimThreshold, KeptBytes);
            _ = Set(TopPad, StepBytes);
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, which has no such options.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int option, int value);
}
