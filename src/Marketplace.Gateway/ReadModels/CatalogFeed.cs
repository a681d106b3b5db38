using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.ReadModels;

/// <summary>
/// Reads <c>filtered-products</c> from where the models' snapshots end and hands it to every model. Ready when the models show all that the
/// filter had put there once it had judged what was in the log at the start: never before, so that no product is
/// shown whose ban was acknowledged before a crash.
/// </summary>
public sealed partial class CatalogFeed : BackgroundService
{
    /// <summary>Small against the second in which a change is to be visible, large against what reading costs.</summary>
    private static readonly ReaderOptions Reading = new() { ResetToBegin = true, Linger = TimeSpan.FromMilliseconds(75) };

    private readonly IEventLog _log;
    private readonly FilterService? _filter;
    private readonly int _partitions;
    private readonly ReadModelRunner<CatalogBatch>[] _runners;
    private readonly ILogger<CatalogFeed> _logger;
    private readonly BackgroundLane _lane = new("read-models", threads: 3);
    private volatile long[]? _target;

    public CatalogFeed(IEventLog log, IEnumerable<IReadModel> models, TopicSettings topics, ILogger<CatalogFeed> logger, FilterService? filter = null, ConsumerLag? lag = null)
    {
        (_log, _filter, _partitions, _logger) = (log, filter, topics.Partitions, logger);
        _runners = [.. models.Select(model => new ReadModelRunner<CatalogBatch>(model, TopicNames.FilteredProducts, topics.Partitions, lag))];
    }

    public Readiness ReadinessOf(IReadModel model)
    {
        var runner = _runners.Single(r => r.Model == model);
        return _target is not { } target
            ? new Readiness(false, "waits for the filter to catch up")
            : runner.HasReached(target) ? new Readiness(true, model.Summary) : new Readiness(false, $"catching up: {model.Summary}");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var target = SetTargetAsync(stoppingToken);
        var running = _runners.Select(runner => _lane.RunAsync(() => runner.RunAsync(stoppingToken), stoppingToken))
            .Append(_lane.RunAsync(() => ReadAsync(stoppingToken), stoppingToken));
        await await Task.WhenAny(running);
        await target;
    }

    public override void Dispose()
    {
        base.Dispose();
        _lane.Dispose();
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        if (_runners.Length == 0)
        {
            return;
        }

        long[] from = [.. Enumerable.Range(0, _partitions).Select(partition => _runners.Min(runner => runner.Published(partition)))];
        await foreach (var records in _log.ReadFeedAsync(TopicNames.FilteredProducts, from, Reading, stoppingToken))
        {
            var batch = new CatalogBatch(records, _runners.Length).Parse();
            foreach (var runner in _runners)
            {
                await runner.Input.WriteAsync(batch, stoppingToken);
            }
        }
    }

    private async Task SetTargetAsync(CancellationToken stoppingToken)
    {
        if (_filter is not null)
        {
            await _filter.CaughtUp.WaitAsync(stoppingToken);
        }

        var target = new long[_partitions];
        for (var partition = 0; partition < _partitions; partition++)
        {
            target[partition] = (await _log.GetRangeAsync(new TopicPartition(TopicNames.FilteredProducts, partition), stoppingToken)).End;
        }

        _target = target;
        Log.Target(_logger, target.Sum());
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Read models have to show {Records} records of filtered-products before the gateway is ready")]
        public static partial void Target(ILogger logger, long records);
    }
}
