using Marketplace.EventLog;
using Marketplace.Mirror.Copying;
using Marketplace.Mirror.Status;

namespace Marketplace.Mirror.Positions;

/// <summary>Moves positions of stopped partitions to where somebody wants them to go on. Called while nothing is copied.</summary>
internal sealed class Resumption(MirrorContext context)
{
    public async Task<IReadOnlyList<PartitionStatus>> RunAsync(string topic, int? only, ResumeFrom from, CancellationToken cancellationToken)
    {
        await using var writer = await context.Target.OpenWriterAsync(context.Options.Name, cancellationToken).ConfigureAwait(false);
        var topics = await context.Planner.FindTopicsAsync(cancellationToken).ConfigureAwait(false);
        if (!topics.TryGetValue(topic, out var description))
        {
            throw new NotMirroredException($"The source has no topic '{topic}' that is mirrored.");
        }

        if (only >= description.Spec.Partitions)
        {
            throw new NotMirroredException($"The source's topic '{topic}' has partitions 0 to {description.Spec.Partitions - 1}.");
        }

        await context.Planner.PlanAsync(topics, context.Table, cancellationToken).ConfigureAwait(false);
        var positions = await context.Target.GetPositionsAsync(context.Options.Name, cancellationToken).ConfigureAwait(false);
        var commit = new AtomicBatch();
        var resumed = new List<(PartitionMirror Partition, MirrorPosition Next)>();
        for (var number = only ?? 0; number < (only + 1 ?? description.Spec.Partitions); number++)
        {
            var partition = context.Table.GetOrAdd(new TopicPartition(topic, number));
            Check(partition, from);
            var range = await context.Source.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false);
            var there = await context.Target.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false);
            var known = positions.TryGetValue(partition.Name, out var position) ? MirrorPosition.Parse(position) : null;
            var next = Next(partition.Name, known, description.Id, from, range, there);
            commit.SetPosition(context.Options.Name, partition.Name, next.ToGroupPosition(context.Owner));
            resumed.Add((partition, next));
        }

        await writer.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        resumed.ForEach(one => one.Partition.Run(one.Next));
        return [.. resumed.Select(one => one.Partition.Describe(context.Now))];
    }

    /// <summary>What nothing has stopped is not moved: its records would be copied once more, or be left out.</summary>
    private static void Check(PartitionMirror partition, ResumeFrom from)
    {
        if (partition.State == MirrorState.Running && from.Place is not (ResumePlace.WhereItStopped or ResumePlace.Position))
        {
            throw new MirrorException($"{partition.Name} is being copied, nothing has stopped it: to copy it anew, remove the target's topic first.");
        }

        if (partition.State == MirrorState.Promoted && from.Place == ResumePlace.WhereItStopped)
        {
            throw new MirrorException(
                $"The target has taken {partition.Name} over, and may have records of its own since: 'position' (or another place) has to be said for this mirror to write into it again.");
        }
    }

    private MirrorPosition Next(TopicPartition name, MirrorPosition? known, Guid topic, ResumeFrom from, OffsetRange range, OffsetRange there)
    {
        var offset = from.Place switch
        {
            ResumePlace.Position or ResumePlace.WhereItStopped => Math.Clamp(known?.Offset ?? range.Begin, range.Begin, range.End),
            ResumePlace.Beginning => range.Begin,
            ResumePlace.Latest => range.End,
            _ => from.Offset >= range.Begin && from.Offset <= range.End
                ? from.Offset
                : throw new MirrorException($"{name} of the source holds {range.Begin} to {range.End}, not {from.Offset}."),
        };

        if (known is not { } before || before.TopicId != topic)
        {
            return Anew(offset - range.Begin);
        }

        // The same topic further on: what is copied stays part of the copy. Otherwise a new copy begins, after what is there.
        return offset < before.Offset
            ? Anew(before.LeftOut)
            : before with
            {
                Offset = offset, At = context.Now, LastOffset = offset == before.Offset ? before.LastOffset : -1, IsPromoted = false, LeftOut = before.LeftOut + offset - before.Offset,
            };

        MirrorPosition Anew(long leftOut) => new(offset, topic, context.Now, offset, there.End, -1, 0, IsPromoted: false, leftOut);
    }
}
