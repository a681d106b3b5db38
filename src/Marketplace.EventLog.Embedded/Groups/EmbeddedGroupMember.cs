using Marketplace.EventLog.Embedded.Reading;
using Marketplace.EventLog.Embedded.Topics;
using Marketplace.EventLog.Embedded.Writing;

namespace Marketplace.EventLog.Embedded.Groups;

/// <summary>
/// A member: takes part in rebalances from inside its reads. Partitions pass through three states: claimed (owned, the
/// listener does not know yet), assigned (read), and given up.
/// </summary>
internal sealed class EmbeddedGroupMember(
    string name, ConsumerGroup group, IReadOnlyCollection<TopicState> topics, IRebalanceListener listener,
    PartitionCursors cursors, WaitingReads reads, WakeSignal signal, LogWriter writer, PositionTable positions) : IGroupMember
{
    private readonly List<PartitionState> _claimed = [];
    private readonly List<PartitionState> _assigned = [];
    private GroupMembership _membership = group.Join(topics, signal);
    private TopicPartition[] _assignment = [];

    public string Group { get; } = name;

    public IReadOnlyCollection<TopicPartition> Assignment => Volatile.Read(ref _assignment);

    public bool Owns(PartitionState partition) => group.Owns(Volatile.Read(ref _membership), partition);

    public ValueTask<RecordBatch?> ReadAsync(CancellationToken cancellationToken) => reads.NextAsync(this, RebalanceAsync, cancellationToken);

    public void Wake() => reads.Wake();

    public long PositionOf(TopicPartition partition) => cursors.PositionOf(partition);

    public void Seek(TopicPartition partition, long offset) => cursors.Seek(partition, offset);

    public async ValueTask DisposeAsync()
    {
        if (!await reads.EndAsync().ConfigureAwait(false))
        {
            return;
        }

        try
        {
            if (group.Next(_membership).Evicted)
            {
                await listener.LostAsync(Names(_assigned), CancellationToken.None).ConfigureAwait(false);
            }
            else if (_assigned.Count > 0)
            {
                await listener.RevokedAsync(Names(_assigned), CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            cursors.Dispose();
            group.Leave(_membership);
        }
    }

    private static TopicPartition[] Names(IEnumerable<PartitionState> partitions) => [.. partitions.Select(partition => partition.Name)];

    private async ValueTask RebalanceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var step = group.Next(_membership);
            if (step.Evicted)
            {
                await LoseAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (step.Revoke.Count > 0)
            {
                await RevokeAsync(step.Revoke, cancellationToken).ConfigureAwait(false);
                continue;
            }

            _claimed.AddRange(step.Assign);
            if (_claimed.Count == 0)
            {
                return;
            }

            await AssignAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask AssignAsync(CancellationToken cancellationToken)
    {
        // A commit of the last owner may still be in the writer's hands; after this turn its positions are known.
        await writer.RunAsync(static _ => true, null, cancellationToken).ConfigureAwait(false);
        var committed = positions.Of(Group);
        var starts = _claimed.ToDictionary(partition => partition.Name, partition => committed.TryGetValue(partition.Name, out var position) ? position.Offset : LogOffset.Begin);
        foreach (var partition in _claimed)
        {
            cursors.Remove(partition);
            cursors.Add(partition, starts[partition.Name]);
        }

        await listener.AssignedAsync(starts, cancellationToken).ConfigureAwait(false);
        _assigned.AddRange(_claimed);
        _claimed.Clear();
        PublishAssignment();
    }

    private async ValueTask RevokeAsync(IReadOnlyList<PartitionState> partitions, CancellationToken cancellationToken)
    {
        if (_assigned.Intersect(partitions).ToList() is { Count: > 0 } known)
        {
            await listener.RevokedAsync(Names(known), cancellationToken).ConfigureAwait(false);
        }

        Forget(partitions);
        group.Release(_membership, partitions);
    }

    /// <summary>After an eviction: tells the listener and joins anew.</summary>
    private async ValueTask LoseAsync(CancellationToken cancellationToken)
    {
        if (_assigned.Count > 0)
        {
            await listener.LostAsync(Names(_assigned), cancellationToken).ConfigureAwait(false);
        }

        Forget([.. _assigned, .. _claimed]);
        Volatile.Write(ref _membership, group.Join(topics, signal));
    }

    private void Forget(IReadOnlyList<PartitionState> partitions)
    {
        foreach (var partition in partitions)
        {
            cursors.Remove(partition);
            _assigned.Remove(partition);
            _claimed.Remove(partition);
        }

        PublishAssignment();
    }

    private void PublishAssignment() => Volatile.Write(ref _assignment, Names(_assigned));
}
