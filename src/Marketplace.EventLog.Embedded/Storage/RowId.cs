namespace Marketplace.EventLog.Embedded.Storage;

/// <summary>
/// The row id of a stored batch: partition in the upper bits, base offset in the lower 40, so that one b-tree holds every
/// partition's batches side by side and in offset order.
/// </summary>
internal static class RowId
{
    private const int OffsetBits = 40;
    private const long OffsetMask = (1L << OffsetBits) - 1;

    /// <summary>The highest offset a partition can have.</summary>
    public const long MaxOffset = OffsetMask;

    public static long Of(int partitionId, long offset) => ((long)partitionId << OffsetBits) | offset;

    public static long OffsetOf(long rowId) => rowId & OffsetMask;
}
