using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Storage;

namespace Marketplace.EventLog.Embedded.Maintenance;

/// <summary>Which records of a pass go, and when the tombstones that stay may go.</summary>
/// <param name="latest">The latest offset of each key in the part that is new to this pass.</param>
/// <param name="now">Milliseconds since the Unix epoch.</param>
/// <param name="newHorizon">When tombstones that this pass is the first to see may go.</param>
internal sealed class CompactionRule(LatestOffsets latest, long now, long newHorizon)
{
    /// <summary>False where the batch need not be read to know that it stays as it is.</summary>
    public bool MayTouch(in StoredBatch batch) => latest.Count > 0 || batch.TombstoneHorizon <= now;

    /// <summary>True where a record of the batch goes, or a tombstone's time begins.</summary>
    public bool Touches(in StoredBatch batch, BatchDecoder decoder)
    {
        while (decoder.MoveNext())
        {
            if (!Keeps(batch, decoder.Current) || HorizonOf(batch, decoder.Current) != batch.TombstoneHorizon)
            {
                return true;
            }
        }

        return false;
    }

    public bool Keeps(in StoredBatch batch, in StoredRecord record) =>
        record.Key is not { } key
        || (!latest.IsSuperseded(key.Span, record.Offset) && !(record.Value is null && batch.TombstoneHorizon <= now));

    /// <summary>When a tombstone may go; for other records what the batch has.</summary>
    public long? HorizonOf(in StoredBatch batch, in StoredRecord record) =>
        batch.TombstoneHorizon ?? (IsTombstone(record) ? newHorizon : null);

    public static bool IsTombstone(in StoredRecord record) => record.Key is not null && record.Value is null;
}
