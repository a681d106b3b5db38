using Marketplace.EventLog.Embedded.Storage;

namespace Marketplace.EventLog.Embedded.Writing;

/// <summary>Begins the encoding of large requests by their callers.</summary>
/// <param name="leastBytes">
/// Requests of less are put together by the writer: what shares a batch is compressed better and is fewer rows.
/// </param>
internal sealed class RecordEncoder(BatchPool pool, TimeProvider time, int leastBytes)
{
    public bool IsFor(long bytes) => bytes >= leastBytes;

    public EncodedRecords Begin() => new(pool, time.GetUtcNow().ToUnixTimeMilliseconds());
}
