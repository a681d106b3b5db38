using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Shop;

/// <summary>Puts a product's journey together from those who know its parts: the filter, the log and the index.</summary>
internal sealed class JourneyReader(IEventLog log, JourneyDesk desk, TopicSettings topics, SearchModel? search)
{
    /// <summary>Null when the product is not known.</summary>
    public async Task<Journey?> ReadAsync(byte[] productId, CancellationToken cancellationToken)
    {
        var partition = KafkaPartitioner.PartitionFor(productId, topics.Partitions);
        if (await desk.AskAsync(productId, partition, cancellationToken) is not { } known)
        {
            return null;
        }

        await using var lookup = new ProductLookup(log);
        using var source = await lookup.ReadAsync(partition, known.SourceOffset, cancellationToken);
        if (source is null)
        {
            return null;
        }

        var id = Encoding.UTF8.GetString(productId);
        return new Journey(
            id,
            new AcceptedStep(partition, known.SourceOffset, DateTimeOffset.FromUnixTimeMilliseconds(source.Records[0].Timestamp)),
            Verdict(known),
            known.OnSale && search is not null && search.Snapshot.TryGet(id, out var found)
                ? new SearchableStep(DateTimeOffset.FromUnixTimeMilliseconds(found.VisibleSinceMs))
                : null,
            Mirrored: null);
    }

    private static VerdictStep Verdict(JourneyAnswer known) => new(
        known.OnSale ? "passed" : known.Withdrawn ? "withdrawn" : "banned",
        known.Withdrawn ? null : known.Ban?.Name,
        known.Withdrawn ? null : known.Ban?.Reason,
        known.Basis.BanList,
        DateTimeOffset.FromUnixTimeMilliseconds(known.Basis.AsOf));
}
