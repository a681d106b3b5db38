using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>
/// How long after its 202 a product is found by search, and how long after the answer of a ban it is found no more, while
/// 2,000 products a second flow in over HTTP.
/// </summary>
internal static class FreshnessMeasure
{
    private const double Flow = 2_000;

    /// <summary>A flow below this share of what it should be would flatter the figures.</summary>
    private const double FlowShare = 0.98;

    private const int FlowConnections = 16;
    private const int MaxPrepared = 200_000;
    private const double GoalMilliseconds = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("freshness: while 2,000 products/s flow in");
        var duration = bench.Options.Duration(60, 10);
        var source = new SentinelSource(new Random(1));
        var sentinels = Enumerable.Range(0, (int)(duration / Interval)).Select(_ => source.Next()).ToArray();
        var requests = new ProductFeed().Singles(1, (int)Math.Min(MaxPrepared, ((2 * duration) + WarmUp).TotalSeconds * Flow));
        await using var gateway = await LiveGateway.StartAsync(bench.Folder("freshness"), cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var flow = new LoadGenerator(gateway.Endpoint, requests, 202).RunAsync(FlowConnections, TimeSpan.MaxValue, Flow, stop.Token);
        await Task.Delay(WarmUp, cancellationToken);
        try
        {
            await MeasureAsync("accepted → searchable", new VisibilityProbe(gateway.Endpoint, sentinels, s => s.Post, visible: true));
            await MeasureAsync("banned → gone from search", new VisibilityProbe(gateway.Endpoint, sentinels, s => s.Ban, visible: false));
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)flow).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var sent = await flow;
        bench.Report.Note($"flow: {sent.ProductsPerSecond:#,0} products/s in single posts over {FlowConnections} connections, p99 {sent.Latency().P99:0.00} ms");
        if (sent.ProductsPerSecond < FlowShare * Flow)
        {
            throw new InvalidOperationException($"Only {sent.ProductsPerSecond:0} of {Flow} products a second were taken.");
        }

        gateway.Accepted(sent.SinkBytes + sentinels.Sum(s => s.Body.Length + 1L));
        await gateway.SettleAsync(source, cancellationToken);

        async Task MeasureAsync(string name, VisibilityProbe probe)
        {
            var sorted = (await probe.RunAsync(Interval, flow, cancellationToken)).Order().ToArray();
            bench.Report.Add(Figure.Alone($"{name}, p50 of {sorted.Length:#,0}", "ms", [Statistics.Percentile(sorted, 0.5)]));
            bench.Report.Add(Figure.Alone($"{name}, p99", "ms", [Statistics.Percentile(sorted, 0.99)], Goal.AtMost, GoalMilliseconds));
            bench.Report.Add(Figure.Alone($"{name}, max", "ms", [sorted[^1]]));
        }
    }
}
