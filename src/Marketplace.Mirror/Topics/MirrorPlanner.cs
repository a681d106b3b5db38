using Marketplace.EventLog;
using Marketplace.Mirror.Positions;
using Marketplace.Mirror.Records;
using Marketplace.Mirror.Status;
using Microsoft.Extensions.Logging;

namespace Marketplace.Mirror.Topics;

/// <summary>
/// Compares both sides before anything is copied: makes topics and partitions that the target lacks, keeps settings in step, and
/// finds for each partition where to go on, or why that cannot be.
/// </summary>
internal sealed partial class MirrorPlanner(IEventLog source, IEventLog target, MirrorOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>A copy is larger than the record by the mirror's header, so a topic that the mirror makes takes that much more.</summary>
    private const int HeaderRoom = 1024;

    private static readonly ReaderOptions OneRecord = new() { MaxBatchBytes = 1, ResetToBegin = true };

    private readonly HashSet<string> _withoutMatch = new(StringComparer.Ordinal);

    /// <summary>The source's topics that are mirrored. A pattern that matches none is told of once.</summary>
    public async Task<IReadOnlyDictionary<string, TopicDescription>> FindTopicsAsync(CancellationToken cancellationToken)
    {
        var topics = await source.DescribeTopicsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var pattern in options.Topics.WithoutMatch([.. topics.Keys]).Where(_withoutMatch.Add))
        {
            Log.NothingMatches(logger, pattern);
        }

        return topics.Where(topic => options.Topics.Match(topic.Key)).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Brings every partition into the state that both sides show now.</summary>
    /// <param name="table">The partitions known so far; new ones are added.</param>
    public async Task PlanAsync(
        IReadOnlyDictionary<string, TopicDescription> topics, MirrorTable table, CancellationToken cancellationToken)
    {
        var there = await target.DescribeTopicsAsync(cancellationToken).ConfigureAwait(false);
        var positions = await target.GetPositionsAsync(options.Name, cancellationToken).ConfigureAwait(false);
        foreach (var (name, topic) in topics.OrderBy(topic => topic.Key, StringComparer.Ordinal))
        {
            var refusal = await AlignAsync(topic.Spec, there.GetValueOrDefault(name)?.Spec, cancellationToken).ConfigureAwait(false);
            for (var number = 0; number < topic.Spec.Partitions; number++)
            {
                var partition = table.GetOrAdd(new TopicPartition(name, number));
                partition.IsCompacted = topic.Spec.Compaction is not null;
                if (refusal is not null)
                {
                    Stop(partition, MirrorState.Refused, refusal, Committed(positions, partition.Name));
                }
                else
                {
                    await PlanAsync(partition, topic, Committed(positions, partition.Name), cancellationToken).ConfigureAwait(false);
                }
            }
        }

        foreach (var (name, position) in positions.Where(position => !Exists(topics, position.Key)))
        {
            if (options.Topics.Match(name.Topic) && MirrorPosition.Parse(position) is { } known)
            {
                Stop(table.GetOrAdd(name), MirrorState.Missing, $"The source has no {name} any more.", known);
            }
        }
    }

    /// <summary>A record of the largest size came, and the mirror's header does not fit beside it.</summary>
    public async Task MakeRoomAsync(string topic, CancellationToken cancellationToken)
    {
        var spec = (await target.DescribeTopicsAsync(cancellationToken).ConfigureAwait(false))[topic].Spec;
        await target.EnsureTopicsAsync([WithRoom(spec)], cancellationToken).ConfigureAwait(false);
        Log.Aligned(logger, topic);
    }

    /// <summary>A topic's limit may be the largest there is.</summary>
    private static TopicSpec WithRoom(TopicSpec spec) => spec with { MaxMessageBytes = (int)Math.Min(int.MaxValue, (long)spec.MaxMessageBytes + HeaderRoom) };

    private static bool Exists(IReadOnlyDictionary<string, TopicDescription> topics, TopicPartition partition) =>
        topics.TryGetValue(partition.Topic, out var topic) && partition.Partition < topic.Spec.Partitions;

    private static MirrorPosition? Committed(IReadOnlyDictionary<TopicPartition, GroupPosition> positions, TopicPartition name) =>
        positions.TryGetValue(name, out var position) ? MirrorPosition.Parse(position) : null;

    /// <returns>Why the target does not take the topic, or null.</returns>
    private async Task<string?> AlignAsync(TopicSpec wanted, TopicSpec? found, CancellationToken cancellationToken)
    {
        try
        {
            if (found is null)
            {
                await target.EnsureTopicsAsync([WithRoom(wanted)], cancellationToken).ConfigureAwait(false);
                Log.Created(logger, wanted.Name, wanted.Partitions);
                return null;
            }

            if (found.Partitions < wanted.Partitions)
            {
                await target.AddPartitionsAsync(wanted.Name, wanted.Partitions, cancellationToken).ConfigureAwait(false);
                Log.Expanded(logger, wanted.Name, found.Partitions, wanted.Partitions);
            }

            // A topic with more partitions than the source has keeps them; the copies stand in those that both have.
            var aligned = wanted.WithPartitions(Math.Max(found.Partitions, wanted.Partitions)) with { MaxMessageBytes = Math.Max(found.MaxMessageBytes, wanted.MaxMessageBytes) };
            if (found.WithPartitions(aligned.Partitions) != aligned)
            {
                await target.EnsureTopicsAsync([aligned], cancellationToken).ConfigureAwait(false);
                Log.Aligned(logger, wanted.Name);
            }

            return null;
        }
        catch (TopicMismatchException e)
        {
            return $"The target cannot be brought in step: {e.Message}";
        }
    }

    private async Task PlanAsync(PartitionMirror partition, TopicDescription topic, MirrorPosition? committed, CancellationToken cancellationToken)
    {
        var name = partition.Name;
        var range = await source.GetRangeAsync(name, cancellationToken).ConfigureAwait(false);
        partition.Look(range.End, Now);
        partition.IsClaimed = committed is not null;
        if (committed is not { } position)
        {
            var there = await target.GetRangeAsync(name, cancellationToken).ConfigureAwait(false);
            var fresh = new MirrorPosition(range.Begin, topic.Id, Now, range.Begin, there.End, -1, 0, IsPromoted: false);
            if (there.Begin == there.End || options.IsActiveActive)
            {
                partition.Run(fresh);
            }
            else
            {
                Stop(partition, MirrorState.Foreign, $"{name} of the target holds records that are not this mirror's ({there.Begin} to {there.End}). {HowToGoOn(name)}", fresh);
            }

            return;
        }

        if (position.IsPromoted)
        {
            partition.Stop(MirrorState.Promoted, "The target has taken over.", position);
            return;
        }

        if (partition.State == MirrorState.Truncated && partition.Position == position)
        {
            // What is written there since does not make it right again.
            return;
        }

        if (position.TopicId != topic.Id)
        {
            Stop(partition, MirrorState.Recreated, $"The source's topic '{name.Topic}' was deleted and made anew; {position.Offset} is an offset of the old one. {HowToGoOn(name)}", position);
        }
        else if (range.End < position.Offset)
        {
            Stop(partition, MirrorState.Truncated, $"The source's {name} ends at {range.End}, before what is copied ({position.Offset}): it was cut back. {HowToGoOn(name)}", position);
        }
        else if (range.Begin > position.Offset)
        {
            Stop(partition, MirrorState.Expired, $"The source's {name} begins at {range.Begin}: its retention took the records from {position.Offset} on before they were copied. {HowToGoOn(name)}", position);
        }
        else if (IsStale(topic.Spec, position, range))
        {
            Stop(partition, MirrorState.Stale, $"The position in {name} is of {DateTimeOffset.FromUnixTimeMilliseconds(position.At):u}; since then tombstones may have gone that were never copied. {HowToGoOn(name)}", position);
        }
        else if (!await IsSameRecordAsync(name, position, range, cancellationToken).ConfigureAwait(false))
        {
            Stop(partition, MirrorState.Truncated, $"The source's {name} holds at {position.LastOffset} another record than the one that was copied: it was cut back and written again. {HowToGoOn(name)}", position);
        }
        else
        {
            partition.Run(position);
        }
    }

    private bool IsStale(TopicSpec spec, MirrorPosition position, OffsetRange range)
    {
        if (spec.Compaction is not { } compaction || range.End <= position.Offset)
        {
            return false;
        }

        var kept = options.WithoutTombstones.Contains(spec.Name) ? TimeSpan.MaxValue : compaction.Lag + compaction.TombstoneRetention;
        return Now - position.At > Math.Min(options.MaxPositionAge.TotalMilliseconds, kept.TotalMilliseconds);
    }

    /// <summary>Whether the last record that was copied is still the source's, as far as it is there.</summary>
    private async Task<bool> IsSameRecordAsync(TopicPartition name, MirrorPosition position, OffsetRange range, CancellationToken cancellationToken)
    {
        if (position.LastOffset < range.Begin || position.LastOffset >= range.End)
        {
            return true;
        }

        await using var reader = await source.OpenReaderAsync(new Dictionary<TopicPartition, long> { [name] = position.LastOffset }, OneRecord, cancellationToken).ConfigureAwait(false);
        using var batch = await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new InvalidOperationException("Nobody wakes this reader.");
        return batch.Count == 0 || batch.Records[0].Offset != position.LastOffset || RecordHash.Of(batch.Records[0]) == position.LastHash;
    }

    private void Stop(PartitionMirror partition, MirrorState state, string reason, MirrorPosition? position)
    {
        if (partition.State != state)
        {
            Log.Stopped(logger, partition.Name.Topic, partition.Name.Partition, state, reason);
        }

        partition.Stop(state, reason, position ?? partition.Position);
    }

    internal static string HowToGoOn(TopicPartition name) =>
        $"To go on: marketplace mirror resume {name.Topic} --partition {name.Partition} --from beginning, or latest, or an offset.";

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The mirror made topic {Topic} with {Partitions} partitions")]
        public static partial void Created(ILogger logger, string topic, int partitions);

        [LoggerMessage(LogLevel.Information, "The mirror gave topic {Topic} {Wanted} partitions, as the source has; it had {Found}")]
        public static partial void Expanded(ILogger logger, string topic, int found, int wanted);

        [LoggerMessage(LogLevel.Information, "The mirror brought the settings of topic {Topic} in step with the source's")]
        public static partial void Aligned(ILogger logger, string topic);

        [LoggerMessage(LogLevel.Warning, "The mirror finds no topic '{Pattern}' at the source; it is copied when it appears")]
        public static partial void NothingMatches(ILogger logger, string pattern);

        [LoggerMessage(LogLevel.Error, "The mirror of {Topic}-{Partition} has stopped ({State}): {Reason}")]
        public static partial void Stopped(ILogger logger, string topic, int partition, MirrorState state, string reason);
    }
}
