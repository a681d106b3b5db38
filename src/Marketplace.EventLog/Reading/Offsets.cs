namespace Marketplace.EventLog;

/// <summary>Offsets with a meaning of their own where a reader is opened.</summary>
public static class LogOffset
{
    public const long Begin = -2;
    public const long End = -1;
}

/// <summary>The first offset that may be read and the one after the last committed record.</summary>
public readonly record struct OffsetRange(long Begin, long End);

/// <summary>A group's committed position: the next offset to process, and a word of its own (at most 4 KiB).</summary>
public readonly record struct GroupPosition(long Offset, string? Metadata = null);
