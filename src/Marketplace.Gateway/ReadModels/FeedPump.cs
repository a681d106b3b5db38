using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Telemetry;

namespace Marketplace.Gateway.ReadModels;

/// <summary>Hands a topic's batches to its models, each at its own pace and all at a lower priority. If one part of that fails, all end, and it is told.</summary>
/// <param name="threads">Of the lower priority, for models and reading together.</param>
internal sealed class FeedPump<TBatch>(string topic, int partitions, IEnumerable<IFeedReader<TBatch>> models, int threads, ConsumerLag? lag) : IDisposable
    where TBatch : FeedBatch
{
    private readonly ReadModelRunner<TBatch>[] _runners = [.. models.Select(model => new ReadModelRunner<TBatch>(model, topic, partitions, lag))];
    private readonly BackgroundLane _lane = new(topic, threads);

    /// <summary>How many models there are; a batch is given back by each.</summary>
    public int Models => _runners.Length;

    /// <summary>The offsets from which some model needs the records, one a partition; the topic's beginning without a model.</summary>
    public long[] Positions() => [.. Enumerable.Range(0, partitions).Select(partition => _runners.Select(runner => runner.Published(partition)).DefaultIfEmpty().Min())];

    /// <summary>Whether every model shows everything before these offsets.</summary>
    public bool HasReached(long[] target) => _runners.All(runner => runner.HasReached(target));

    /// <summary>Whether this model shows everything before these offsets.</summary>
    public bool HasReached(IFeedReader<TBatch> model, long[] target) => _runners.Single(runner => runner.Model == model).HasReached(target);

    /// <param name="parts">What reads the topic, and whatever has to run as long as that does.</param>
    public async Task RunAsync(CancellationToken stoppingToken, params IEnumerable<Func<CancellationToken, Task>> parts)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAll(parts.Concat(_runners.Select(runner => (Func<CancellationToken, Task>)runner.RunAsync)).Select(RunPartAsync));

        async Task RunPartAsync(Func<CancellationToken, Task> part)
        {
            try
            {
                await _lane.RunAsync(() => part(ended.Token), ended.Token);
            }
            catch
            {
                // Without it the others would wait for ever, and nobody would learn of the failure.
                await ended.CancelAsync();
                throw;
            }
        }
    }

    /// <summary>Gives a batch to every model; waits while one of them is behind.</summary>
    public async ValueTask WriteAsync(TBatch batch, CancellationToken cancellationToken)
    {
        foreach (var runner in _runners)
        {
            await runner.Input.WriteAsync(batch, cancellationToken);
        }
    }

    public void Dispose() => _lane.Dispose();
}
