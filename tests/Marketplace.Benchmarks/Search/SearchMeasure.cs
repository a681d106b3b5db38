using System.Diagnostics;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;
using Marketplace.Products;
using Marketplace.Search;
using Marketplace.Search.Quality.KnownItems;

namespace Marketplace.Benchmarks.Search;

/// <summary>Search on a million products: how fast they are indexed, found in process and over HTTP, what memory they take, how soon a restart is ready.</summary>
internal static class SearchMeasure
{
    private const int Products = 1_000_000;
    private const int QueriesOfClass = 300;
    private const int Seed = 5;
    private const double Megabyte = 1024 * 1024;

    // The longest answer time of each kind of query over HTTP, p99 in milliseconds.
    private static readonly (string Class, double Goal)[] Latencies =
    [
        ("three words", 2), ("another grammatical form", 2), ("one typo, Russian", 6), ("one typo, English", 6), ("a typo in each of two words", 6),
        ("wrong layout", 6), ("transliterated", 6), ("nonsense", 6),
    ];

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("search: a million products");
        if (SearchCatalog.TryRead(bench) is not { } catalog)
        {
            return;
        }

        var count = bench.Options.Count(Products, 50_000);
        await IndexAsync(bench, catalog, Math.Min(count, 300_000), cancellationToken);
        var data = bench.Folder("search");
        await using (var gateway = await LiveGateway.StartAsync(data, cancellationToken))
        {
            await FillAsync(bench, gateway, catalog, count, cancellationToken);
            bench.Report.Add(Figure.Alone($"memory of the process, {count:#,0} products", "MB", [gateway.Memory.Now / Megabyte], Goal.AtMost, 1024));
            await QueryAsync(bench, gateway, catalog, count, cancellationToken);
        }

        var start = Stopwatch.GetTimestamp();
        await using var again = await LiveGateway.StartAsync(data, cancellationToken);
        bench.Report.Add(Figure.Alone("restart → ready, from the snapshot", "s", [Stopwatch.GetElapsedTime(start).TotalSeconds], Goal.AtMost, 5));
        bench.Report.Add(Figure.Alone("memory after the restart", "MB", [again.Memory.Now / Megabyte], Goal.AtMost, 1024));
    }

    private static async Task IndexAsync(Workbench bench, GeneratedCatalog catalog, int count, CancellationToken cancellationToken)
    {
        var lines = SearchCatalog.Lines(catalog, count).ToList();
        await using var index = new SearchIndex(new SearchIndexOptions { SourceFolder = bench.Folder("index") });
        var start = Stopwatch.GetTimestamp();
        foreach (var piece in lines)
        {
            for (var left = piece.Span; !left.IsEmpty;)
            {
                var end = left.IndexOf((byte)'\n');
                ProductReader.TryRead(left[..end], out var product);
                index.Upsert(product!, left[..end], 0);
                left = left[(end + 1)..];
            }
        }

        index.Publish();
        var elapsed = Stopwatch.GetElapsedTime(start);
        bench.Report.Add(Figure.Alone($"indexing in process, {count:#,0} products", "products/s", [count / elapsed.TotalSeconds], Goal.AtLeast, 60_000));
        await index.WhenMergedAsync(cancellationToken);
    }

    private static async Task FillAsync(Workbench bench, LiveGateway gateway, GeneratedCatalog catalog, int count, CancellationToken cancellationToken)
    {
        var sinkBytes = 0L;
        var start = Stopwatch.GetTimestamp();
        await NdjsonUpload.RunAsync(
            gateway.Endpoint,
            HttpRequests.Products,
            SearchCatalog.Lines(catalog, count).Select(piece =>
            {
                sinkBytes += piece.Length;
                return piece;
            }),
            cancellationToken);
        gateway.Accepted(sinkBytes);
        await gateway.SettleAsync(new SentinelSource(new Random(1)), cancellationToken);
        bench.Report.Add(Figure.Alone("HTTP → searchable", "products/s", [count / Stopwatch.GetElapsedTime(start).TotalSeconds], Goal.AtLeast, 25_000));
    }

    private static async Task QueryAsync(Workbench bench, LiveGateway gateway, GeneratedCatalog catalog, int count, CancellationToken cancellationToken)
    {
        var mixed = new List<PreparedRequest>();
        foreach (var (name, goal) in Latencies)
        {
            var kind = KnownItemClass.All.Single(k => k.Name == name);
            var requests = KnownItemEvaluation.Queries(catalog, kind, count, QueriesOfClass, Seed).Select(q => Get($"/client/search?q={Uri.EscapeDataString(q.Text)}")).ToArray();
            mixed.AddRange(requests);
            await MeasureAsync(name, requests, goal);
        }

        var random = new Random(Seed);
        var common = Enumerable.Range(0, QueriesOfClass).Select(_ => catalog.Russian.PickCommon(random, 100)).ToArray();
        await MeasureAsync("three facets on a common word", [.. common.Select(w => Get($"/client/search?q={Uri.EscapeDataString(w + " ")}&facets=category,brand,price"))], 3);
        await MeasureAsync("suggest", [.. common.Select(w => Get($"/client/suggest?q={Uri.EscapeDataString(w[..random.Next(1, w.Length)])}"))], 1);

        var shuffled = mixed.ToArray();
        random.Shuffle(shuffled);
        var load = await new LoadGenerator(gateway.Endpoint, shuffled, 200).RunAsync(8, bench.Options.Duration(10, 3), null, cancellationToken);
        bench.Report.Add(Figure.Alone("8 clients, mixed queries", "queries/s", [load.RequestsPerSecond], Goal.AtLeast, 3_200));
        bench.Report.Add(Figure.Alone("8 clients, mixed queries, p99", "ms", [load.Latency().P99], Goal.AtMost, 12));

        async Task MeasureAsync(string name, PreparedRequest[] requests, double goal)
        {
            var generator = new LoadGenerator(gateway.Endpoint, requests, 200);
            await generator.RunAsync(1, bench.Options.Duration(2, 1), null, cancellationToken);
            var result = await generator.RunAsync(1, bench.Options.Duration(3, 1), null, cancellationToken);
            var (median, p99) = result.Latency();
            bench.Report.Add(Figure.Alone($"{name}, p50", "ms", [median]));
            bench.Report.Add(Figure.Alone($"{name}, p99", "ms", [p99], Goal.AtMost, goal));
        }
    }

    private static PreparedRequest Get(string path) => new(HttpRequests.Get(path), 0, 0);
}
