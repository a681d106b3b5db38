using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>
/// What being measured costs: two gateways side by side, one with metrics (and scraped every second) and one without, loaded in turn.
/// Besides requests a second, the processor time a request until all that it brought is everywhere: the processor is what limits
/// the gateway, and its time varies less than what two neighbours get done in a few seconds.
/// </summary>
internal static class MetricsMeasure
{
    private const int Connections = 64;
    private const int SearchConnections = 8;
    private const int Prepared = 20_000;
    private const int ArraySize = 100;
    private const double Kept = 0.97;

    private const int WarmUps = 4;

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
        await MeasureAsync("post, 64 connections", feed.Singles(1, Prepared), 15_000, 202, Connections);
        await MeasureAsync("arrays of 100, 64 connections", feed.Arrays(1, Prepared, ArraySize), 600, 202, Connections);
        await MeasureAsync("search, 8 connections", searches, 10_000, 200, SearchConnections);
        await ended.CancelAsync();
        await scraping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Each gets the same requests: what is in a gateway decides what the next request costs.
        async Task MeasureAsync(string name, IReadOnlyList<PreparedRequest> requests, int count, int status, int connections)
        {
            var (toOn, toOff) = (new LoadGenerator(on.Endpoint, requests, status), new LoadGenerator(off.Endpoint, requests, status));
            for (var warmUp = 0; warmUp < WarmUps; warmUp++)
            {
                await LoadAsync(on, toOn);
                await LoadAsync(off, toOff);
            }

            var (timeOn, timeOff) = (new List<double>(), new List<double>());
            var rounds = await Rounds.InterleaveAsync(
                bench.Options.Rounds(20, 2), cancellationToken, () => LoadAsync(off, toOff, timeOff), () => LoadAsync(on, toOn, timeOn));
            bench.Report.Note($"{name}: {Statistics.Median(rounds[1]):#,0} requests/s with, {Statistics.Median(rounds[0]):#,0} without");
            bench.Report.Add(Figure.Alone($"{name}, requests/s with metrics", "of without", Shares(rounds[1], rounds[0]), Goal.AtLeast, Kept));
            bench.Report.Add(Figure.Alone($"{name}, requests a second of processor time with metrics", "of without", Shares(timeOn, timeOff), Goal.AtLeast, Kept));

            async Task<double> LoadAsync(LiveGateway gateway, LoadGenerator load, List<double>? perProcessorSecond = null)
            {
                var before = gateway.ProcessorTime;
                var result = await load.SendAsync(connections, count / (bench.Options.Short ? 4 : 1), cancellationToken);
                gateway.Accepted(result.SinkBytes);
                await gateway.SettleAsync(sentinels, cancellationToken);
                await gateway.UntilIdleAsync(cancellationToken);
                perProcessorSecond?.Add(result.Requests / (gateway.ProcessorTime - before).TotalSeconds);
                return result.RequestsPerSecond;
            }
        }
    }

    /// <summary>Round by round: what the machine is slow or fast at for a while then falls out.</summary>
    private static List<double> Shares(IReadOnlyList<double> with, IReadOnlyList<double> without) => [.. with.Zip(without, static (one, other) => one / other)];

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
