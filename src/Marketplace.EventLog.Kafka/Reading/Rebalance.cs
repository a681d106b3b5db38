namespace Marketplace.EventLog.Kafka.Reading;

internal enum RebalanceKind
{
    Assigned,
    Revoked,
    Lost,
}

/// <summary>A change of a member's partitions: the consumer's thread waits until the reader has met it.</summary>
internal sealed class Rebalance(RebalanceKind kind, Dictionary<TopicPartition, long> partitions) : IDisposable
{
    private readonly ManualResetEventSlim _met = new();

    public RebalanceKind Kind => kind;

    /// <summary>The partitions, and for those assigned where they are read from.</summary>
    public Dictionary<TopicPartition, long> Partitions => partitions;

    public void Met() => _met.Set();

    public void Wait(CancellationToken cancellationToken) => _met.Wait(cancellationToken);

    public void Dispose() => _met.Dispose();
}
