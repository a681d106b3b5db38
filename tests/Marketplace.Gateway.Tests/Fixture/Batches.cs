using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>Batches as the feeds hand them to models, without a log.</summary>
internal static class Batches
{
    public static IMeterFactory Meters() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    /// <summary>Topics of two partitions that end here.</summary>
    public static ModelPositions Ends(long events, long queries) => new(new Dictionary<string, ModelPositions.TopicPositions>
    {
        [TopicNames.FilteredProducts] = new(Guid.Empty, [0, 0]),
        [TopicNames.ClientEvents] = new(Guid.Empty, [events, events]),
        [TopicNames.ClientQueries] = new(Guid.Empty, [queries, queries]),
    });

    public static EventBatch Events(int partition, long first, long end, params (DateTimeOffset At, string Json)[] records)
    {
        var batch = new EventBatch(Of(TopicNames.ClientEvents, partition, first, end, records), models: 1);
        for (var i = 0; i < batch.Count; i++)
        {
            batch.Set(i, EventParser.Parse(batch[i].Value!.Value, out var errors), counts: true);
            errors.ShouldBeNull();
        }

        return batch;
    }

    public static QueryBatch Queries(int partition, long first, long end, params (DateTimeOffset At, string Json)[] records) =>
        new(Of(TopicNames.ClientQueries, partition, first, end, records), models: 1);

    private static RecordBatch Of(string topic, int partition, long first, long end, (DateTimeOffset At, string Json)[] records) => new(
        new TopicPartition(topic, partition),
        records.Select((record, i) => new StoredRecord { Offset = first + i, Timestamp = record.At.ToUnixTimeMilliseconds(), Value = Encoding.UTF8.GetBytes(record.Json) }).ToArray(),
        first + records.Length,
        end);
}
