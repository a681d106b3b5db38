using System.Diagnostics.Metrics;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Counts what went to <c>dead-letters</c>, by the topic it came from; only what has been committed.</summary>
public sealed class DeadLetterMetrics
{
    public const string MeterName = "Marketplace.DeadLetters";

    private readonly Counter<long> _written;

    public DeadLetterMetrics(IMeterFactory meters)
    {
        _written = meters.Create(MeterName).CreateCounter<long>("marketplace.dead_letters", "{record}", "Records that could not be processed and stand in dead-letters.");

        // A counter that is not there before its first event hides that event from whoever looks for growth.
        Add(TopicNames.ShopProducts, 0);
        Add(TopicNames.ClientEvents, 0);
    }

    /// <param name="topic">Where the records came from.</param>
    public void Add(string topic, long records) => _written.Add(records, new KeyValuePair<string, object?>("topic", topic));
}
