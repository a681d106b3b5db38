using Marketplace.EventLog;

namespace Marketplace.Mirror.Verification;

/// <summary>Takes both sides of a partition in the order of the source's offsets.</summary>
internal interface IComparison : IDisposable
{
    /// <param name="headers">The copy's, without the mirror's own.</param>
    void Both(in StoredRecord source, in StoredRecord target, RecordHeaders headers);

    void OnlySource(in StoredRecord source);

    /// <param name="offset">Where the copy says that it stands in the source.</param>
    void OnlyTarget(in StoredRecord target, RecordHeaders headers, long offset);

    /// <summary>A record of the source that came from the target: it is not copied back.</summary>
    void Exclude(in StoredRecord source);

    /// <summary>A record of the target that is no copy.</summary>
    void Stranger(in StoredRecord target);

    PartitionVerification Report(TopicPartition partition, long upTo);
}
