using System.Diagnostics;
using System.Text.Json;
using Marketplace.Benchmarks.Events;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>
/// Recommendations over HTTP at 1,000 requests a second, after 1M products and 10M events; how soon the last event counts; the
/// next start, from the snapshots that were saved at the stop.
/// </summary>
internal static class RecommendationMeasure
{
    private const int Products = 1_000_000;
    private const int EventsPerProduct = 10;
    private const int Connections = 16;
    private const double Rate = 1_000;
    private const double GoalMilliseconds = 3;
    private const double GoalStart = 20;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var products = bench.Options.Count(Products, 100_000);
        var events = products * EventsPerProduct;
        var users = Math.Max(1, products / 5);
        bench.Report.Begin($"recommendations: {products:#,0} products, {events:#,0} events of {users:#,0} users");
        var data = bench.Folder("recommendations");
        await using (var gateway = await LiveGateway.StartAsync(data, cancellationToken))
        {
            await FillAsync(bench, gateway, products, events, users, cancellationToken);
            await gateway.UntilIdleAsync(cancellationToken);
            var random = new Random(1);
            var requests = Enumerable.Range(0, 20_000).Select(_ => new PreparedRequest(HttpRequests.Get($"/client/recommendations/{EventFeed.UserId(random.Next(users))}"), 0, 0)).ToArray();
            var load = new LoadGenerator(gateway.Endpoint, requests, 200);
            await load.RunAsync(Connections, WarmUp, Rate, cancellationToken);
            var (medians, tails) = (new List<double>(), new List<double>());
            for (var round = 0; round < bench.Options.Rounds(5, 1); round++)
            {
                var collected = Collections(gateway);
                var result = await load.RunAsync(Connections, bench.Options.Duration(20, 5), Rate, cancellationToken);
                var (median, p99) = result.Latency();
                bench.Report.Note($"{result.RequestsPerSecond:#,0} requests/s were answered, p50 {median:0.00} ms, p99 {p99:0.00} ms; collections meanwhile, and seconds of pause: {string.Join(", ", Collections(gateway).Zip(collected, static (now, before) => $"{now - before:0.###}"))}");
                medians.Add(median);
                tails.Add(p99);
            }

            using (var empty = await EmptyServerProcess.StartAsync(cancellationToken))
            {
                // What the machine itself makes of so many requests.
                var toEmpty = new LoadGenerator(empty.Endpoint, new ProductFeed().Singles(1, 1_000), 202);
                await toEmpty.RunAsync(Connections, WarmUp, Rate, cancellationToken);
                var (emptyMedian, emptyTail) = (await toEmpty.RunAsync(Connections, bench.Options.Duration(20, 5), Rate, cancellationToken)).Latency();
                bench.Report.Note($"an empty endpoint at the same rate: p50 {emptyMedian:0.00} ms, p99 {emptyTail:0.00} ms");
            }

            bench.Report.Add(Figure.Alone("recommendations, p50", "ms", medians));
            bench.Report.Add(Figure.Alone("recommendations, p99", "ms", tails, Goal.AtMost, GoalMilliseconds));
        }

        var start = Stopwatch.GetTimestamp();
        await using (var gateway = await LiveGateway.StartAsync(data, cancellationToken))
        {
            bench.Report.Add(Figure.Alone("start → ready, from snapshots", "s", [Stopwatch.GetElapsedTime(start).TotalSeconds], Goal.AtMost, GoalStart));
            bench.Report.Add(Figure.Alone("memory when ready", "MB", [gateway.Memory.Now / Megabyte]));
        }

        foreach (var snapshot in Directory.GetFiles(Path.Combine(data, "snapshots")))
        {
            bench.Report.Add(Figure.Alone($"size of {Path.GetFileName(snapshot)}", "MB", [new FileInfo(snapshot).Length / Megabyte]));
        }
    }

    private static async Task FillAsync(Workbench bench, LiveGateway gateway, int products, int events, int users, CancellationToken cancellationToken)
    {
        var sinkBytes = 0L;
        await NdjsonUpload.RunAsync(gateway.Endpoint, HttpRequests.Products, new ProductFeed().Lines(0, products).Select(piece =>
        {
            sinkBytes += piece.Length;
            return piece;
        }), cancellationToken);
        gateway.Accepted(sinkBytes);
        await gateway.SettleAsync(new SentinelSource(new Random(1)), cancellationToken);
        var empty = gateway.Memory.Now;
        bench.Report.Add(Figure.Alone("memory with products", "MB", [empty / Megabyte]));
        var (taken, elapsed) = await NdjsonUpload.RunAsync(gateway.Endpoint, HttpRequests.Events, new EventFeed(users, products, seed: 1).Lines(events), cancellationToken);
        bench.Report.Add(Figure.Alone("events, accepted", "events/s", [taken / elapsed.TotalSeconds]));
        var answered = Stopwatch.GetTimestamp();
        using var http = new HttpConnection(gateway.Endpoint);
        while (Counted(http) < taken)
        {
            await Task.Delay(Poll, cancellationToken);
        }

        bench.Report.Add(Figure.Alone("events, from the last answer until all count", "s", [Stopwatch.GetElapsedTime(answered).TotalSeconds]));
        bench.Report.Add(Figure.Alone("memory with products and events", "MB", [gateway.Memory.Now / Megabyte]));
    }

    /// <summary>What the gateway's own metrics say of garbage collections: how many by generation, then seconds of pause.</summary>
    private static double[] Collections(LiveGateway gateway)
    {
        using var http = new HttpConnection(gateway.Endpoint);
        var lines = http.Exchange(HttpRequests.Get("/metrics"), 200).BodyText.Split('\n');
        return [.. lines.Where(line => line.StartsWith("dotnet_gc_collections_total", StringComparison.Ordinal) || line.StartsWith("dotnet_gc_pause_time", StringComparison.Ordinal))
            .Select(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture))];
    }

    private static long Counted(HttpConnection http)
    {
        using var summary = JsonDocument.Parse(http.Exchange(HttpRequests.Get("/analytics/summary?from=2026-01-01&to=2026-01-31"), 200).BodyText);
        return summary.RootElement.GetProperty("events").EnumerateObject().Sum(kind => kind.Value.GetInt64());
    }
}
