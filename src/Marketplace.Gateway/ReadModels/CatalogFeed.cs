using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
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

    private readonly TopicReading _reading;
    private readonly FilterService? _filter;
    private readonly int _partitions;
    private readonly FeedPump<CatalogBatch> _pump;
    private readonly ILogger<CatalogFeed> _logger;
    private volatile long[]? _target;

    public CatalogFeed(TopicReading reading, IEnumerable<IReadModel> models, TopicSettings topics, ILogger<CatalogFeed> logger, FilterService? filter = null, ConsumerLag? lag = null)
    {
        (_reading, _filter, _partitions, _logger) = (reading, filter, topics.Partitions, logger);
        _pump = new FeedPump<CatalogBatch>(TopicNames.FilteredProducts, topics.Partitions, models, threads: 3, lag);
    }

    public Readiness ReadinessOf(IReadModel model) =>
        _target is not { } target ? new Readiness(false, "waits for the filter to catch up")
        : _pump.HasReached(model, target) ? new Readiness(true, model.Summary)
        : new Readiness(false, $"catching up: {model.Summary}");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _pump.RunAsync(stoppingToken, SetTargetAsync, ReadAsync);

    public override void Dispose()
    {
        base.Dispose();
        _pump.Dispose();
    }

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        if (_pump.Models == 0)
        {
            return;
        }

        await foreach (var records in _reading.ReadAsync(TopicNames.FilteredProducts, _pump.Positions(), Reading, stoppingToken))
        {
            await _pump.WriteAsync(new CatalogBatch(records, _pump.Models).Parse(), stoppingToken);
        }
    }

    private async Task SetTargetAsync(CancellationToken stoppingToken)
    {
        if (_filter is not null)
        {
            await _filter.CaughtUp.WaitAsync(stoppingToken);
        }

        var target = await _reading.EndsAsync(TopicNames.FilteredProducts, _partitions, stoppingToken);
        _target = target;
        Log.Target(_logger, target.Sum());
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Read models have to show {Records} records of filtered-products before the gateway is ready")]
        public static partial void Target(ILogger logger, long records);
    }
}
