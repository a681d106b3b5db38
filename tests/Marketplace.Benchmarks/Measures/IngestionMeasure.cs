using System.Diagnostics;
using Marketplace.Benchmarks.Limits;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>
/// Many products at once, as one ndjson stream or as arrays of 100 over 64 connections, against a raw SQLite append loop.
/// Every round is a new gateway on an empty folder, warmed up with other products.
/// </summary>
internal static class IngestionMeasure
{
    private const int Products = 300_000;
    private const int WarmUpProducts = 300_000;
    private const int ArraySize = 100;
    private const int Connections = 64;
    private const double LinesGoal = 0.5;
    private const double ArraysGoal = 0.35;

    /// <summary>Records a commit of the raw loop: about what the gateway's group commit holds under this load.</summary>
    private const int OwnCommit = 1_000;

    /// <summary>Reported beside it: a commit for each array.</summary>
    private const int SmallCommit = ArraySize;

    /// <summary>What a FastAPI gateway with librdkafka, without fsync, does as ndjson on such a machine.</summary>
    private const double OrientationGoal = 48_600;

    private static readonly TimeSpan ArrayWarmUp = TimeSpan.FromSeconds(2);

    public static async Task RunLinesAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("ndjson: one stream of 1 KB products");
        var count = bench.Options.Count(Products, 50_000);
        var feed = new ProductFeed();
        var pieces = feed.Lines(1, count).ToList();
        var warmUp = feed.Lines(1 + count, WarmUpProducts).ToList();
        await RunAsync(bench, "ndjson", LinesGoal, count, cancellationToken, async (gateway, sentinels) =>
        {
            await UploadAsync(gateway, warmUp, WarmUpProducts, cancellationToken);
            await gateway.SettleAsync(sentinels, cancellationToken);
            return (await UploadAsync(gateway, pieces, count, cancellationToken), count);
        });
    }

    public static async Task RunArraysAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("arrays: 100 products of 1 KB a request, 64 connections");
        var count = bench.Options.Count(Products, 50_000) / ArraySize * ArraySize;
        var requests = new ProductFeed().Arrays(1, count, ArraySize);
        var duration = bench.Options.Duration(10, 2);
        await RunAsync(bench, "arrays", ArraysGoal, count, cancellationToken, async (gateway, sentinels) =>
        {
            var load = new LoadGenerator(gateway.Endpoint, requests, 202);
            gateway.Accepted((await load.RunAsync(Connections, ArrayWarmUp, rate: null, cancellationToken)).SinkBytes);
            await gateway.SettleAsync(sentinels, cancellationToken);
            var result = await load.RunAsync(Connections, duration, rate: null, cancellationToken);
            gateway.Accepted(result.SinkBytes);
            return (result.Elapsed, result.Products);
        });
    }

    /// <param name="ingest">Sends the products to a gateway, and says how long that took until the last answer.</param>
    private static async Task RunAsync(
        Workbench bench,
        string name,
        double goal,
        int count,
        CancellationToken cancellationToken,
        Func<LiveGateway, SentinelSource, Task<(TimeSpan Elapsed, long Products)>> ingest)
    {
        var records = Enumerable.Range(1, count).Zip(new ProductFeed().Range(1, count), (index, product) => (ProductFeed.Key(index), product)).ToList();
        var through = new List<double>();
        var accepted = await Rounds.InterleaveAsync(bench.Options.Rounds(5, 2), cancellationToken, () => RawAsync(OwnCommit), () => RawAsync(SmallCommit), GatewayAsync);
        bench.Report.Add(Figure.Against($"{name}, accepted, against commits of {OwnCommit}", "products/s", accepted[2], accepted[0], goal));
        bench.Report.Add(Figure.Against($"{name}, accepted, against commits of {SmallCommit}", "products/s", accepted[2], accepted[1]));
        bench.Report.Add(Figure.Against($"{name}, all through, against commits of {OwnCommit}", "products/s", through, accepted[0]));
        bench.Report.Add(Figure.Alone($"{name}, orientation", "products/s", accepted[2], Goal.AtLeast, OrientationGoal));

        Task<double> RawAsync(int commit) => Task.Run(() => RawSqlite.Append(bench.Folder("raw"), records, commit), cancellationToken);

        async Task<double> GatewayAsync()
        {
            var sentinels = new SentinelSource(new Random(1));
            await using var gateway = await LiveGateway.StartAsync(bench.Folder(name), cancellationToken);
            var (elapsed, products) = await ingest(gateway, sentinels);
            var answered = Stopwatch.GetTimestamp();
            await gateway.SettleAsync(sentinels, cancellationToken);
            through.Add(products / (elapsed + Stopwatch.GetElapsedTime(answered)).TotalSeconds);
            return products / elapsed.TotalSeconds;
        }
    }

    private static async Task<TimeSpan> UploadAsync(LiveGateway gateway, IReadOnlyList<ReadOnlyMemory<byte>> pieces, int count, CancellationToken cancellationToken)
    {
        var (accepted, elapsed) = await NdjsonUpload.RunAsync(gateway.Endpoint, HttpRequests.Products, pieces, cancellationToken);
        gateway.Accepted(pieces.Sum(p => (long)p.Length));
        return accepted == count ? elapsed : throw new InvalidOperationException($"{accepted} of {count} products were accepted.");
    }
}
