namespace Marketplace.EventLog.Contract;

/// <summary>What happened to members of a group, in the order it happened, one line a partition: "a assigned 2".</summary>
public sealed class Journal(string member, List<string> lines) : IRebalanceListener
{
    /// <summary>Called inside a revocation, before it is noted as done.</summary>
    public Func<IReadOnlyCollection<TopicPartition>, ValueTask> Revoking { get; set; } = static _ => ValueTask.CompletedTask;

    public ValueTask AssignedAsync(IReadOnlyDictionary<TopicPartition, long> starts, CancellationToken cancellationToken) => Note("assigned", starts.Keys);

    public async ValueTask RevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        await Revoking(partitions);
        await Note("revoked", partitions);
    }

    public ValueTask LostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) => Note("lost", partitions);

    public int Count(string what)
    {
        lock (lines)
        {
            return lines.Count(line => line.StartsWith($"{member} {what} ", StringComparison.Ordinal));
        }
    }

    private ValueTask Note(string what, IEnumerable<TopicPartition> partitions)
    {
        lock (lines)
        {
            lines.AddRange(partitions.Select(partition => $"{member} {what} {partition.Partition}"));
        }

        return ValueTask.CompletedTask;
    }
}
