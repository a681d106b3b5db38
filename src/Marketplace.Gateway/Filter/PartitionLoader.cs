using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Filter;

/// <summary>A partition as its log says it is.</summary>
/// <param name="Basis">What its output was last right for.</param>
/// <param name="Orphans">Products on sale without a shop record behind them; they have to go.</param>
public sealed record LoadedPartition(FilterPartition Partition, VerdictBasis Basis, IReadOnlyDictionary<UInt128, byte[]> Orphans);

/// <summary>
/// Learns the state of a shop partition from the log itself: what the shop sent up to the group's position, and what
/// the output shows. Nothing is kept elsewhere, so nothing can disagree with the log.
/// </summary>
public sealed class PartitionLoader(IEventLog log, string group)
{
    private static readonly ReaderOptions FromBegin = new() { ResetToBegin = true };

    public async Task<LoadedPartition> LoadAsync(int number, FilterProcessor judge, CancellationToken cancellationToken)
    {
        var shop = new TopicPartition(TopicNames.ShopProducts, number);
        var filtered = new TopicPartition(TopicNames.FilteredProducts, number);

        // The position first: it is final once it can be read, and so is the output that was committed with it.
        var positions = await log.GetPositionsAsync(group, cancellationToken);
        var partition = new FilterPartition(number) { Position = positions.TryGetValue(shop, out var at) ? at.Offset : 0 };
        var orphans = new Dictionary<UInt128, byte[]>();

        await ScanAsync(shop, partition.Position, batch =>
        {
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Offset < partition.Position && judge.Refusal(record, number) is null)
                {
                    partition.At(ProductKey.Of(record.Key!.Value.Span)) = new ProductState(record.Offset, onSale: false, withdrawn: record.Value is null);
                }
            }
        }, cancellationToken);

        await ScanAsync(filtered, (await log.GetRangeAsync(filtered, cancellationToken)).End, batch =>
        {
            foreach (ref readonly var record in batch.Records)
            {
                if (record.Key is { } id)
                {
                    Show(partition, id.Span, record.Value is not null, orphans);
                }
            }
        }, cancellationToken);

        return new LoadedPartition(partition, await BasisAsync(number, cancellationToken), orphans);
    }

    private static void Show(FilterPartition partition, ReadOnlySpan<byte> id, bool onSale, Dictionary<UInt128, byte[]> orphans)
    {
        var key = ProductKey.Of(id);
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
        await ScanAsync(progress, (await log.GetRangeAsync(progress, cancellationToken)).End, batch =>
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

    private async Task ScanAsync(TopicPartition source, long end, Action<RecordBatch> see, CancellationToken cancellationToken)
    {
        if ((await log.GetRangeAsync(source, cancellationToken)).Begin >= end)
        {
            return;
        }

        await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [source] = LogOffset.Begin }, FromBegin, cancellationToken);
        for (var position = 0L; position < end;)
        {
            if (await reader.ReadAsync(cancellationToken) is { } batch)
            {
                using (batch)
                {
                    see(batch);
                    position = batch.NextOffset;
                }
            }
        }
    }
}
