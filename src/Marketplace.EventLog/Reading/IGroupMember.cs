namespace Marketplace.EventLog;

/// <summary>A member of a consumer group: a reader whose partitions the group assigns.</summary>
public interface IGroupMember : ILogReader
{
    string Group { get; }

    IReadOnlyCollection<TopicPartition> Assignment { get; }
}

/// <summary>
/// Told of a member's partitions from inside its <see cref="ILogReader.ReadAsync"/> (and its disposal), never beside it.
/// </summary>
public interface IRebalanceListener
{
    /// <summary>These are the member's from now on; reading starts when this completes.</summary>
    /// <param name="starts">The partitions, and the offset each is read from: the group's position, final now, or <see cref="LogOffset.Begin"/>.</param>
    ValueTask AssignedAsync(IReadOnlyDictionary<TopicPartition, long> starts, CancellationToken cancellationToken);

    /// <summary>These go to another member when this completes: commit or drop what is under way.</summary>
    ValueTask RevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);

    /// <summary>These are another member's already: drop what is under way, a commit would be refused.</summary>
    ValueTask LostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken);
}
