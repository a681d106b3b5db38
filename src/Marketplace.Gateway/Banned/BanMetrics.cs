using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;

namespace Marketplace.Gateway.Banned;

/// <summary>How many bans are in force, and how long each took until clients could not see its product any more.</summary>
public sealed class BanMetrics(IMeterFactory meters, FreshnessMetrics freshness)
{
    public void Watch(BanListFeed feed, TimeProvider time) => meters.Create("Marketplace.Banned").CreateObservableGauge(
        "marketplace.bans.in_force",
        () =>
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            return feed.Current.All.Count(ban => ban.IsInForce(now));
        },
        "{ban}",
        "Bans in force.");

    /// <summary>The bans of this batch are in the list that every answer to a client is compared with.</summary>
    public void InForce(RecordBatch batch)
    {
        foreach (ref readonly var record in batch.Records)
        {
            if (record.Value is not null)
            {
                freshness.Invisible(record.Timestamp);
            }
        }
    }
}
