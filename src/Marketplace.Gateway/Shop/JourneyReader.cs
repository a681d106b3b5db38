using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Mirror;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Shop;

/// <summary>Puts a product's journey together from those who know its parts: the filter, the log and the index.</summary>
/// <param name="desk">Null when the filter does not run in this process.</param>
internal sealed class JourneyReader(IEventLog log, JourneyDesk? desk, TopicSettings topics, TimeProvider time, SearchModel? search, MirrorService? mirror)
{
    /// <summary>A filter that takes longer has fallen behind, or cannot write.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when the product is not known.</summary>
    /// <exception cref="NotReadyException">The filter does not run in this process, or has not judged yet all that the shops sent.</exception>
    public async Task<Journey?> ReadAsync(byte[] productId, CancellationToken cancellationToken)
    {
        var partition = KafkaPartitioner.PartitionFor(productId, topics.Partitions);
        if (await AskAsync(productId, partition, cancellationToken) is not { } known)
        {
            return null;
        }

        await using var lookup = new ProductLookup(log);
        if (await lookup.ReadAsync(partition, known.SourceOffset, cancellationToken) is not { } source)
        {
            return null;
        }

        var id = Encoding.UTF8.GetString(productId);
        return new Journey(
            id,
            new AcceptedStep(partition, known.SourceOffset, DateTimeOffset.FromUnixTimeMilliseconds(source.Timestamp)),
            Verdict(known),
            known.OnSale && search is not null && search.Snapshot.TryGet(id, out var found)
                ? new SearchableStep(DateTimeOffset.FromUnixTimeMilliseconds(found.VisibleSinceMs))
                : null,
            mirror?.PositionOf(new TopicPartition(TopicNames.ShopProducts, partition)) is { } mirrored ? new MirroredStep(mirrored, mirrored > known.SourceOffset) : null);
    }

    private async Task<JourneyAnswer?> AskAsync(byte[] productId, int partition, CancellationToken cancellationToken)
    {
        if (desk is null)
        {
            throw new NotReadyException("The filter, which knows a product's journey, does not run in this process.");
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await desk.AskAsync(productId, partition, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotReadyException("The filter has not judged yet all that the shops sent.");
        }
    }

    private static VerdictStep Verdict(JourneyAnswer known) => new(
        known.OnSale ? "passed" : known.Withdrawn ? "withdrawn" : "banned",
        known.Withdrawn ? null : known.Ban?.Name,
        known.Withdrawn ? null : known.Ban?.Reason,
        known.Basis.BanList,
        DateTimeOffset.FromUnixTimeMilliseconds(known.Basis.AsOf));
}
