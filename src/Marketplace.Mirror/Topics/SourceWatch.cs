using Marketplace.EventLog;
using Marketplace.Mirror.Copying;
using Marketplace.Mirror.Groups;
using Marketplace.Mirror.Status;

namespace Marketplace.Mirror.Topics;

/// <summary>Looks at the source beside the copying: whether it is still what was planned for, where it ends, and where its groups are.</summary>
internal sealed class SourceWatch(
    MirrorContext context, GroupSync groups, IReadOnlyDictionary<string, TopicDescription> planned, IReadOnlyDictionary<TopicPartition, PartitionMirror> partitions)
{
    public async Task<WatchReport> LookAsync(CancellationToken cancellationToken)
    {
        var topics = await context.Planner.FindTopicsAsync(cancellationToken).ConfigureAwait(false);
        if (topics.Count != planned.Count || topics.Any(topic => !planned.TryGetValue(topic.Key, out var known) || known != topic.Value))
        {
            return WatchReport.Changed;
        }

        var ranges = await Task.WhenAll(partitions.Values.Select(async partition =>
        {
            // Taken before the look: what is copied meanwhile may be beyond the end that it finds.
            var copied = partition.Position.Offset;
            return (Partition: partition, Copied: copied, Range: await context.Source.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false));
        })).ConfigureAwait(false);
        var refresh = new List<PartitionMirror>();
        foreach (var (partition, copied, range) in ranges)
        {
            var position = partition.Position;
            if (range.End < copied || range.Begin > position.Offset)
            {
                return WatchReport.Changed;
            }

            partition.Look(range.End, context.Now);
            if (position.Offset >= range.End && context.Now - position.At > context.Options.PositionRefresh.TotalMilliseconds)
            {
                refresh.Add(partition);
            }
        }

        var moves = await groups.FindMovesAsync(partitions, cancellationToken).ConfigureAwait(false);
        return new WatchReport(IsAsPlanned: true, [.. ranges.Select(range => (range.Partition, range.Range.End))], moves, refresh);
    }

    public void Written(IEnumerable<GroupMove> moves) => groups.Written(moves);
}

/// <summary>What a look at the source found.</summary>
/// <param name="IsAsPlanned">False when topics, partitions or settings have changed, or a partition was cut back.</param>
/// <param name="Ends">Where the source's partitions end.</param>
/// <param name="ToRefresh">Partitions whose position has to be written again, so that it does not seem old.</param>
internal sealed record WatchReport(
    bool IsAsPlanned, IReadOnlyList<(PartitionMirror Partition, long End)> Ends, IReadOnlyList<GroupMove> Moves, IReadOnlyList<PartitionMirror> ToRefresh)
{
    public static WatchReport Changed { get; } = new(false, [], [], []);
}
