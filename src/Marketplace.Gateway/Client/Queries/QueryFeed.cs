using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Client.Queries;

/// <summary>Reads <c>client-queries</c> from where the models' snapshots end and hands it to every model.</summary>
internal sealed class QueryFeed(TopicReading reading, ModelPositions atStart, IEnumerable<IFeedReader<QueryBatch>> models, TopicSettings topics, ConsumerLag? lag = null)
    : BackgroundService, IReadinessPart
{
    /// <summary>Reports of searches are looked at by people; fewer and larger batches cost the others less.</summary>
    private static readonly ReaderOptions Reading = new() { ResetToBegin = true, Linger = TimeSpan.FromMilliseconds(100) };

    private readonly FeedPump<QueryBatch> _pump = new(TopicNames.ClientQueries, topics.Partitions, models, threads: 1, lag);

    public string Name => "client-queries";

    public Readiness Readiness => _pump.HasReached(atStart.Topics[TopicNames.ClientQueries].Next)
        ? new Readiness(true, _pump.Models == 0 ? "nobody reads them here" : "read")
        : new Readiness(false, "the searches of before are being read");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _pump.Models == 0 ? Task.CompletedTask : _pump.RunAsync(stoppingToken, ReadAsync);

    public override void Dispose()
    {
        base.Dispose();
        _pump.Dispose();
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        await foreach (var records in reading.ReadAsync(TopicNames.ClientQueries, _pump.Positions(), Reading, stoppingToken))
        {
            await _pump.WriteAsync(new QueryBatch(records, _pump.Models), stoppingToken);
        }
    }
}
