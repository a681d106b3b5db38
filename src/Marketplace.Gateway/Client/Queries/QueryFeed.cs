using Marketplace.EventLog;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Client.Queries;

/// <summary>Reads <c>client-queries</c> from where the models' snapshots end and hands it to every model.</summary>
internal sealed class QueryFeed(IEventLog log, ModelPositions atStart, IEnumerable<IFeedReader<QueryBatch>> models, TopicSettings topics, ConsumerLag? lag = null)
    : BackgroundService, IReadinessPart
{
    /// <summary>Reports of searches are looked at by people; fewer and larger batches cost the others less.</summary>
    private static readonly ReaderOptions Reading = new() { ResetToBegin = true, Linger = TimeSpan.FromMilliseconds(100) };

    private readonly ReadModelRunner<QueryBatch>[] _runners = [.. models.Select(model => new ReadModelRunner<QueryBatch>(model, TopicNames.ClientQueries, topics.Partitions, lag))];

    private readonly BackgroundLane _lane = new("client-queries", threads: 1);

    public string Name => "client-queries";

    public Readiness Readiness => _runners.All(runner => runner.HasReached(atStart.Topics[TopicNames.ClientQueries].Next))
        ? new Readiness(true, _runners.Length == 0 ? "nobody reads them here" : "read")
        : new Readiness(false, "the searches of before are being read");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_runners.Length > 0)
        {
            Task[] running = [.. _runners.Select(runner => _lane.RunAsync(() => runner.RunAsync(stoppingToken), stoppingToken)), _lane.RunAsync(() => ReadAsync(stoppingToken), stoppingToken)];
            try
            {
                await await Task.WhenAny(running);
            }
            finally
            {
                await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _lane.Dispose();
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        long[] from = [.. Enumerable.Range(0, topics.Partitions).Select(partition => _runners.Min(runner => runner.Published(partition)))];
        await foreach (var records in log.ReadFeedAsync(TopicNames.ClientQueries, from, Reading, stoppingToken))
        {
            var batch = new QueryBatch(records, _runners.Length);
            foreach (var runner in _runners)
            {
                await runner.Input.WriteAsync(batch, stoppingToken);
            }
        }
    }
}
