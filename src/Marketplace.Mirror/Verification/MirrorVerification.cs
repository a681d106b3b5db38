using System.Text;
using Marketplace.EventLog;
using Marketplace.Mirror.Copying;
using Marketplace.Mirror.Records;
using Marketplace.Mirror.Status;

namespace Marketplace.Mirror.Verification;

/// <summary>Compares source and target up to what is copied when it begins; the mirror may go on meanwhile.</summary>
internal sealed class MirrorVerification(MirrorContext context)
{
    private readonly byte[] _source = Encoding.UTF8.GetBytes(context.Options.Source);
    private readonly byte[] _target = Encoding.UTF8.GetBytes(context.Options.Target);

    public async Task<VerificationReport> RunAsync(IReadOnlyCollection<string>? topics, IProgress<PartitionVerification>? progress, CancellationToken cancellationToken)
    {
        if (topics?.FirstOrDefault(topic => context.Table.All.All(partition => partition.Name.Topic != topic)) is { } unknown)
        {
            throw new NotMirroredException($"There is no mirrored topic '{unknown}'.");
        }

        var partitions = new List<PartitionVerification>();
        foreach (var partition in context.Table.All
            .Where(partition => topics is null || topics.Contains(partition.Name.Topic))
            .OrderBy(partition => partition.Name.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Name.Partition))
        {
            var compared = await CompareAsync(partition, cancellationToken).ConfigureAwait(false);
            progress?.Report(compared);
            partitions.Add(compared);
        }

        return new VerificationReport(partitions.TrueForAll(partition => partition.IsEqual), partitions);
    }

    private async Task<PartitionVerification> CompareAsync(PartitionMirror partition, CancellationToken cancellationToken)
    {
        var position = partition.Position;
        if (partition.State is MirrorState.Recreated or MirrorState.Truncated or MirrorState.Missing or MirrorState.Foreign)
        {
            return new PartitionVerification(partition.Name, position.Offset, new(0, ""), new(0, ""), $"Cannot be compared: {partition.Reason}", null);
        }

        var comparison = partition.IsCompacted ? (IComparison)new LatestComparison(position.Offset) : new SequenceComparison();
        using (comparison)
        {
            var there = await context.Target.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false);
            var here = await context.Source.GetRangeAsync(partition.Name, cancellationToken).ConfigureAwait(false);

            // Of a compacted topic the source is read to its end: a key that goes on there may be gone before it on either side.
            var until = partition.IsCompacted ? Math.Max(here.End, position.Offset) : position.Offset;
            await using var source = await RecordCursor.OpenAsync(context.Source, partition.Name, Math.Max(here.Begin, position.From), until, cancellationToken).ConfigureAwait(false);
            await using var target = await RecordCursor.OpenAsync(context.Target, partition.Name, Math.Max(there.Begin, position.Base), there.End, cancellationToken).ConfigureAwait(false);

            // What retention has taken on one side does not count on the other.
            var from = here.Begin;
            var hasCopy = await NextCopyAsync(target, from, position.Offset, comparison, cancellationToken).ConfigureAwait(false);
            if (hasCopy && there.Begin > position.Base)
            {
                from = Math.Max(from, Copied(target).Offset);
            }

            var hasRecord = await NextRecordAsync(source, from, comparison, cancellationToken).ConfigureAwait(false);
            while (hasRecord || hasCopy)
            {
                var (moveSource, moveTarget) = Compare(comparison, hasRecord ? source : null, hasCopy ? target : null);
                hasRecord = moveSource ? await NextRecordAsync(source, from, comparison, cancellationToken).ConfigureAwait(false) : hasRecord;
                hasCopy = moveTarget ? await NextCopyAsync(target, from, position.Offset, comparison, cancellationToken).ConfigureAwait(false) : hasCopy;
            }

            return comparison.Report(partition.Name, position.Offset);
        }
    }

    /// <summary>Sides go on together, the one with the smaller offset first.</summary>
    private (bool Source, bool Target) Compare(IComparison comparison, RecordCursor? source, RecordCursor? target)
    {
        var (headers, offset) = target is null ? (default, long.MaxValue) : Copied(target);
        var at = source?.Current.Offset ?? long.MaxValue;
        if (at == offset)
        {
            comparison.Both(source!.Current, target!.Current, headers);
            return (true, true);
        }

        if (at < offset)
        {
            comparison.OnlySource(source!.Current);
            return (true, false);
        }

        comparison.OnlyTarget(target!.Current, headers, offset);
        return (false, true);
    }

    private async ValueTask<bool> NextRecordAsync(RecordCursor source, long from, IComparison comparison, CancellationToken cancellationToken)
    {
        while (await source.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            var record = source.Current;
            if (MirrorHeader.CameThrough(record.Headers, _target))
            {
                comparison.Exclude(record);
            }
            else if (record.Offset >= from)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> NextCopyAsync(RecordCursor target, long from, long until, IComparison comparison, CancellationToken cancellationToken)
    {
        while (await target.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (MirrorHeader.TryRead(target.Current.Headers, _source, out _, out var offset))
            {
                if (offset >= from && offset < until)
                {
                    return true;
                }
            }
            else if (!context.Options.IsActiveActive)
            {
                comparison.Stranger(target.Current);
            }
        }

        return false;
    }

    private (RecordHeaders Headers, long Offset) Copied(RecordCursor target) =>
        MirrorHeader.TryRead(target.Current.Headers, _source, out var headers, out var offset) ? (headers, offset) : throw new InvalidOperationException("Not a copy.");
}
