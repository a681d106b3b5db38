using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>What being measured costs: two gateways side by side, one with metrics (and scraped every second) and one without, loaded in turn.</summary>
internal static class MetricsMeasure
{
    private const int Connections = 64;
    private const int SearchConnections = 8;
    private const int Prepared = 20_000;
    private const int ArraySize = 100;
    private const double Kept = 0.97;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Fifteen times as often as Prometheus usually asks.</summary>
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("metrics: on and scraped every second, against off");
        var feed = new ProductFeed();
        var sentinels = new SentinelSource(new Random(1));
        var searches = Enumerable.Range(1, 500).Select(n => new PreparedRequest(HttpRequests.Get($"/client/search?q={Uri.EscapeDataString($"товар {n}")}"), 0, 0)).ToArray();
        await using var on = await LiveGateway.StartAsync(bench.Folder("metrics-on"), cancellationToken);
        await using var off = await LiveGateway.StartAsync(bench.Folder("metrics-off"), cancellationToken, "--Metrics:Enabled=false");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scraping = ScrapeAsync(on, ended.Token);
        await MeasureAsync("post, 64 connections", feed.Singles(1, Prepared), 202, Connections);
        await MeasureAsync("arrays of 100, 64 connections", feed.Arrays(1, Prepared, ArraySize), 202, Connections);
        await MeasureAsync("search, 8 connections", searches, 200, SearchConnections);
        await ended.CancelAsync();
        await scraping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        async Task MeasureAsync(string name, IReadOnlyList<PreparedRequest> requests, int status, int connections)
        {
            var (toOn, toOff) = (new LoadGenerator(on.Endpoint, requests, status), new LoadGenerator(off.Endpoint, requests, status));
            await LoadAsync(on, toOn, WarmUp);
            await LoadAsync(off, toOff, WarmUp);
            var duration = bench.Options.Duration(5, 2);
            var rounds = await Rounds.InterleaveAsync(bench.Options.Rounds(7, 2), cancellationToken, () => LoadAsync(off, toOff, duration), () => LoadAsync(on, toOn, duration));
            bench.Report.Add(Figure.Against($"{name}, metrics on against off", "requests/s", rounds[1], rounds[0], Kept));

            async Task<double> LoadAsync(LiveGateway gateway, LoadGenerator load, TimeSpan time)
            {
                var result = await load.RunAsync(connections, time, rate: null, cancellationToken);
                gateway.Accepted(result.SinkBytes);
                await gateway.SettleAsync(sentinels, cancellationToken);
                await gateway.UntilIdleAsync(cancellationToken);
                return result.RequestsPerSecond;
            }
        }
    }

    private static async Task ScrapeAsync(LiveGateway gateway, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{gateway.Endpoint}") };
        using var timer = new PeriodicTimer(ScrapeInterval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await http.GetStringAsync("/metrics", cancellationToken);
        }
    }
}
