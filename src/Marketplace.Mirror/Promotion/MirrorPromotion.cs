using Marketplace.EventLog;
using Marketplace.Mirror.Copying;
using Marketplace.Mirror.Groups;

namespace Marketplace.Mirror.Promotion;

/// <summary>Lets the target take over at a known point.</summary>
internal sealed class MirrorPromotion(MirrorContext context, GroupSync groups)
{
    /// <summary>What stands in the way now, and where both sides are.</summary>
    public async Task<PromotionReport> DescribeAsync(MirrorStatus status, CancellationToken cancellationToken) =>
        new(false, [.. Obstacles(status)], await PartitionsAsync(cancellationToken).ConfigureAwait(false), groups.Status);

    /// <param name="catchUp">Copies all that the source holds; false when it has to be tried again.</param>
    public async Task<PromotionReport> RunAsync(
        Func<CancellationToken, Task<bool>> catchUp, Func<MirrorStatus> status, bool isForced, CancellationToken cancellationToken)
    {
        var obstacles = new List<string>();
        try
        {
            while (!await catchUp(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception e) when (e is LogUnavailableException or MirrorException)
        {
            obstacles.Add(e.Message);
        }

        obstacles.AddRange(Obstacles(status()));
        if (obstacles.Count > 0 && !isForced)
        {
            return new PromotionReport(false, obstacles, await PartitionsAsync(cancellationToken).ConfigureAwait(false), groups.Status);
        }

        await using var writer = await context.Target.OpenWriterAsync(context.Options.Name, cancellationToken).ConfigureAwait(false);
        var commit = new AtomicBatch();
        foreach (var partition in context.Table.All.Where(partition => partition.Position.TopicId != Guid.Empty))
        {
            commit.SetPosition(context.Options.Name, partition.Name, (partition.Position with { At = context.Now, IsPromoted = true }).ToGroupPosition(context.Owner));
        }

        await writer.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        foreach (var partition in context.Table.All)
        {
            partition.Stop(MirrorState.Promoted, "The target has taken over.", partition.Position with { IsPromoted = true });
        }

        return new PromotionReport(true, obstacles, await PartitionsAsync(cancellationToken).ConfigureAwait(false), groups.Status);
    }

    private static IEnumerable<string> Obstacles(MirrorStatus status)
    {
        if (status.Reason is { } reason)
        {
            yield return reason;
        }

        foreach (var partition in status.Topics.SelectMany(topic => topic.Partitions))
        {
            if (partition.Reason is { } why)
            {
                yield return why;
            }
            else if (partition.LagRecords > 0)
            {
                yield return $"{partition.Partition} lacks {partition.LagRecords} records of the source.";
            }

            if (partition.LeftOut > 0)
            {
                yield return $"{partition.Partition} was resumed behind {partition.LeftOut} records of the source, which were not copied.";
            }
        }

        foreach (var group in status.Groups.Where(group => !group.InStep))
        {
            yield return $"The positions of group '{group.Group}' are ahead of what is copied.";
        }
    }

    private async Task<IReadOnlyList<PromotedPartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        var partitions = new List<PromotedPartition>();
        foreach (var partition in context.Table.All.OrderBy(partition => partition.Name.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Name.Partition))
        {
            var status = partition.Describe(context.Now);
            var end = (await context.Target.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false)).End;
            partitions.Add(new PromotedPartition(partition.Name, status.Position, status.LagRecords, end));
        }

        return partitions;
    }
}
