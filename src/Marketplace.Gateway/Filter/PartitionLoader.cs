using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>A partition as its log says it is.</summary>
/// <param name="Basis">What its output was last right for.</param>
/// <param name="Orphans">Products on sale without a shop record behind them; they have to go.</param>
/// <param name="Scanned">Records that were read for it.</param>
public sealed record LoadedPartition(FilterPartition Partition, VerdictBasis Basis, IReadOnlyDictionary<UInt128, byte[]> Orphans, long Scanned);

/// <summary>
/// Learns the state of a shop partition from the log itself: what the shop sent up to the group's position, and what
/// the output shows. A snapshot shortens the reading; it says nothing that the log before it did not say.
/// </summary>
public sealed class PartitionLoader(IEventLog log, PartitionSnapshots? snapshots, TimeProvider time)
{
    /// <summary>A reader that has brought nothing for so long, though there is something, is given up and the partition loaded anew: with a cluster behind it, its client may never come to itself.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(20);

    private static readonly ReaderOptions FromBegin = new() { ResetToBegin = true };

    /// <param name="position">The group's, final; all that was committed with it counts, also what is not visible yet.</param>
    public async Task<LoadedPartition> LoadAsync(int number, long position, FilterProcessor judge, CancellationToken cancellationToken)
    {
        var outputEnd = await log.GetSettledEndAsync(new TopicPartition(TopicNames.FilteredProducts, number), cancellationToken);
        var topics = snapshots is null ? default : await TopicPair.OfAsync(log, cancellationToken);
        if (snapshots is not null && snapshots.TryLoad(number, topics, position, outputEnd, out var saved))
        {
            var fromThere = await ReadOnAsync(saved, position, outputEnd, judge, cancellationToken);
            if (saved.Products.All(product => product.Value is not { OnSale: true, Withdrawn: true } || fromThere.Orphans.ContainsKey(product.Key)))
            {
                return fromThere;
            }

            // A product that should have gone and whose id is not known: the log has it.
        }

        return await ReadOnAsync(new FilterPartition(number), position, outputEnd, judge, cancellationToken);
    }

    /// <summary>Reads what came behind what the partition knows.</summary>
    private async Task<LoadedPartition> ReadOnAsync(FilterPartition partition, long position, long outputEnd, FilterProcessor judge, CancellationToken cancellationToken)
    {
        var number = partition.Number;
        var orphans = new Dictionary<UInt128, byte[]>();
        var scanned = 0L;
        await ScanAsync(new TopicPartition(TopicNames.ShopProducts, number), partition.Position, position, batch =>
        {
            scanned += batch.Count;
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Offset < position && judge.Refusal(record, number) is null)
                {
                    ref var state = ref partition.At(KeyHash.Of(record.Key!.Value.Span));
                    state = new ProductState(record.Offset, state.OnSale, withdrawn: record.Value is null);
                }
            }
        }, cancellationToken);

        await ScanAsync(new TopicPartition(TopicNames.FilteredProducts, number), partition.OutputEnd, outputEnd, batch =>
        {
            scanned += batch.Count;
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Key is { } id)
                {
                    Show(partition, id.Span, record.Value is not null, orphans);
                }
            }
        }, cancellationToken);

        (partition.Position, partition.OutputEnd) = (position, outputEnd);
        return new LoadedPartition(partition, await BasisAsync(number, cancellationToken), orphans, scanned);
    }

    private static void Show(FilterPartition partition, ReadOnlySpan<byte> id, bool onSale, Dictionary<UInt128, byte[]> orphans)
    {
        var key = KeyHash.Of(id);
        var state = partition.Find(key);
        if (state is null && !onSale)
        {
            orphans.Remove(key);
            return;
        }

        ref var known = ref partition.At(key);
        known = known.WithSale(onSale);
        if (onSale && known.Withdrawn)
        {
            orphans[key] = id.ToArray();
        }
        else
        {
            orphans.Remove(key);
        }
    }

    private async Task<VerdictBasis> BasisAsync(int number, CancellationToken cancellationToken)
    {
        var basis = default(VerdictBasis);
        var progress = new TopicPartition(TopicNames.FilterProgress, 0);
        var key = FilterRecords.ProgressKey(number);
        await ScanAsync(progress, 0, await log.GetSettledEndAsync(progress, cancellationToken), batch =>
        {
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Key is { } found && found.Span.SequenceEqual(key) && record.Value is { } value)
                {
                    basis = FilterRecords.ReadProgress(value);
                }
            }
        }, cancellationToken);
        return basis;
    }

    private async Task ScanAsync(TopicPartition source, long from, long end, Action<RecordBatch> see, CancellationToken cancellationToken)
    {
        if (from >= end || (await log.GetRangeAsync(source, cancellationToken)).Begin >= end)
        {
            return;
        }

        await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [source] = from == 0 ? LogOffset.Begin : from }, FromBegin, cancellationToken);
        using var silence = new CancellationTokenSource(SilenceLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            for (var position = from; position < end;)
            {
                if (await reader.ReadAsync(stop.Token) is { } batch)
                {
                    using (batch)
                    {
                        see(batch);
                        position = batch.NextOffset;
                    }

                    silence.CancelAfter(SilenceLimit);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LogUnavailableException($"Nothing of {source} came for {SilenceLimit.TotalSeconds:0} s, though it ends at {end}.");
        }
    }
}
