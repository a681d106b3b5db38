using System.Diagnostics;
using Marketplace.Benchmarks.Limits;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Search.Peers;
using Marketplace.Benchmarks.Servers;
using Marketplace.Search.Quality.KnownItems;

namespace Marketplace.Benchmarks.Search;

/// <summary>
/// Search on a million products: how fast they are indexed and found, in process and over HTTP, what memory they take, how soon a
/// restart is ready; and how peers do with the same products and queries.
/// </summary>
internal static class SearchMeasure
{
    private const int Products = 1_000_000;
    private const double Megabyte = 1024 * 1024;

    /// <summary>How long the gateway takes to see that a burst is over and to give its memory back.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("search: a million products");
        if (SearchCatalog.TryRead(bench) is not { } catalog)
        {
            return;
        }

        var count = bench.Options.Count(Products, 50_000);
        var work = SearchWork.Make(catalog, count);
        var engines = new EngineMeasure(bench, catalog, work);
        await MeasureOursAsync(bench, engines, cancellationToken);
        await MeasureGatewayAsync(bench, catalog, work, cancellationToken);
        await MeasurePeersAsync(bench, engines, cancellationToken);
    }

    /// <summary>By itself, so that of all that it takes in process nothing is left to disturb the gateway.</summary>
    private static async Task MeasureOursAsync(Workbench bench, EngineMeasure engines, CancellationToken cancellationToken)
    {
        await using var ours = new OwnEngine(bench.Folder("index"));
        await engines.RunAsync(ours, cancellationToken);
    }

    private static async Task MeasurePeersAsync(Workbench bench, EngineMeasure engines, CancellationToken cancellationToken)
    {
        bench.Report.Note($"FTS5 of SQLite {SqliteSession.Version}");
        await using (var words = new Fts5Peer(bench.Folder("fts5"), EngineMeasure.QueryLimit))
        {
            await engines.RunAsync(words, cancellationToken);
        }

        if (await StartPostgresAsync(bench, cancellationToken) is { } cluster)
        {
            await using var postgres = new PostgresPeer(cluster, EngineMeasure.QueryLimit);
            await engines.RunAsync(postgres, cancellationToken);
        }
    }

    private static async Task<PostgresCluster?> StartPostgresAsync(Workbench bench, CancellationToken cancellationToken)
    {
        if (PostgresCluster.Programs is not { } programs)
        {
            bench.Report.Note($"PostgreSQL is skipped: it is not installed");
            return null;
        }

        try
        {
            var cluster = await PostgresCluster.StartAsync(programs, bench.Folder("postgres"), cancellationToken);
            bench.Report.Note($"PostgreSQL {cluster.Version}");
            return cluster;
        }
        catch (InvalidOperationException e)
        {
            // What was measured before is not to be lost with it.
            bench.Report.Note($"PostgreSQL is skipped: {e.Message}");
            return null;
        }
    }

    private static async Task MeasureGatewayAsync(Workbench bench, GeneratedCatalog catalog, SearchWork work, CancellationToken cancellationToken)
    {
        GC.Collect();
        var count = work.Products;
        var data = bench.Folder("search");
        await using (var gateway = await LiveGateway.StartAsync(data, cancellationToken))
        {
            await FillAsync(bench, gateway, catalog, count, cancellationToken);
            bench.Report.Add(Figure.Alone($"memory at the end of filling, {count:#,0} products", "MB", [gateway.Memory.Now / Megabyte]));
            await gateway.UntilIdleAsync(cancellationToken);
            await Task.Delay(Quiet, cancellationToken);
            bench.Report.Add(Figure.Alone($"memory of the process when it is quiet, {count:#,0} products", "MB", [gateway.Memory.Now / Megabyte], Goal.AtMost, 1024));
            await QueryAsync(bench, gateway, work, cancellationToken);
        }

        var start = Stopwatch.GetTimestamp();
        await using var again = await LiveGateway.StartAsync(data, cancellationToken);
        bench.Report.Add(Figure.Alone("restart → ready, from the snapshot", "s", [Stopwatch.GetElapsedTime(start).TotalSeconds], Goal.AtMost, 5));
        bench.Report.Add(Figure.Alone("memory after the restart", "MB", [again.Memory.Now / Megabyte], Goal.AtMost, 1024));
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

    private static async Task QueryAsync(Workbench bench, LiveGateway gateway, SearchWork work, CancellationToken cancellationToken)
    {
        // A process that has just begun compiles what it runs: that is not to be the first class's latency.
        var mixed = work.Mixed.Select(text => Get(AskKind.Search, text)).ToArray();
        await new LoadGenerator(gateway.Endpoint, mixed, 200).RunAsync(1, bench.Options.Duration(5, 1), null, cancellationToken);
        foreach (var queries in work.Classes)
        {
            var generator = new LoadGenerator(gateway.Endpoint, [.. queries.Queries.Select(q => Get(queries.Kind, q.Text))], 200);
            await generator.RunAsync(1, bench.Options.Duration(2, 1), null, cancellationToken);
            var result = await generator.RunAsync(1, bench.Options.Duration(3, 1), null, cancellationToken);
            var (median, p99) = result.Latency();
            bench.Report.Add(Figure.Alone($"{queries.Name}, p50", "ms", [median]));
            bench.Report.Add(Figure.Alone($"{queries.Name}, p99", "ms", [p99], Goal.AtMost, queries.Goal));
        }

        var load = await new LoadGenerator(gateway.Endpoint, mixed, 200).RunAsync(SearchWork.Clients, bench.Options.Duration(10, 3), null, cancellationToken);
        bench.Report.Add(Figure.Alone($"{SearchWork.Clients} clients, mixed queries", "queries/s", [load.RequestsPerSecond], Goal.AtLeast, 3_200));
        bench.Report.Add(Figure.Alone($"{SearchWork.Clients} clients, mixed queries, p99", "ms", [load.Latency().P99], Goal.AtMost, 12));
    }

    private static PreparedRequest Get(AskKind kind, string text)
    {
        var query = Uri.EscapeDataString(text);
        var path = kind switch
        {
            AskKind.Facets => $"/client/search?q={query}&facets=category,brand,price",
            AskKind.Suggest => $"/client/suggest?q={query}",
            _ => $"/client/search?q={query}",
        };
        return new PreparedRequest(HttpRequests.Get(path), 0, 0);
    }
}
