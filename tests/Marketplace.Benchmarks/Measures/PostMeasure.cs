using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary><c>POST /shop/products</c> of one 1 KB product at 64 connections, against an endpoint that reads the same body and does nothing.</summary>
internal static class PostMeasure
{
    private const int Connections = 64;
    private const int Prepared = 50_000;
    private const double RatioGoal = 0.35;

    /// <summary>Twice what a FastAPI gateway with librdkafka, without fsync, does on such a machine.</summary>
    private const double OrientationGoal = 2 * 8_400;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("post: one product a request, 64 connections");
        var feed = new ProductFeed();
        var requests = feed.Singles(1, bench.Options.Count(Prepared, Prepared));
        using var wrk = bench.Options.Wrk ? new Wrk(feed.Range(1, requests.Length)) : null;
        using var empty = await EmptyServerProcess.StartAsync(cancellationToken);
        await using var gateway = await LiveGateway.StartAsync(bench.Folder("post"), cancellationToken);
        var sentinels = new SentinelSource(new Random(1));
        var (toEmpty, toGateway) = (new LoadGenerator(empty.Endpoint, requests, 202), new LoadGenerator(gateway.Endpoint, requests, 202));
        var duration = bench.Options.Duration(10, 2);

        await EmptyAsync(WarmUp, quiet: true);
        await GatewayAsync(WarmUp, quiet: true);
        var rounds = await Rounds.InterleaveAsync(
            bench.Options.Rounds(5, 2), cancellationToken, () => EmptyAsync(duration, quiet: false), () => GatewayAsync(duration, quiet: false));
        bench.Report.Add(Figure.Against("post, 64 connections", "requests/s", rounds[1], rounds[0], RatioGoal));
        bench.Report.Add(Figure.Alone("post, orientation", "requests/s", rounds[1], Goal.AtLeast, OrientationGoal));

        async Task<double> EmptyAsync(TimeSpan time, bool quiet)
        {
            if (wrk is not null)
            {
                return await wrk.RunAsync(empty.Endpoint, Connections, time, cancellationToken);
            }

            var processor = empty.ProcessorTime;
            var result = await toEmpty.RunAsync(Connections, time, rate: null, cancellationToken);
            return Tell("empty endpoint", result, empty.ProcessorTime - processor, quiet);
        }

        // What the gateway still has to do after its last answer must not slow the empty endpoint down.
        async Task<double> GatewayAsync(TimeSpan time, bool quiet)
        {
            if (wrk is not null)
            {
                var rate = await wrk.RunAsync(gateway.Endpoint, Connections, time, cancellationToken);
                await gateway.TakeSinkAsAcceptedAsync(cancellationToken);
                await gateway.SettleAsync(sentinels, cancellationToken);
                return rate;
            }

            var processor = gateway.ProcessorTime;
            var result = await toGateway.RunAsync(Connections, time, rate: null, cancellationToken);
            var told = Tell("gateway", result, gateway.ProcessorTime - processor, quiet);
            gateway.Accepted(result.SinkBytes);
            await gateway.SettleAsync(sentinels, cancellationToken);
            return told;
        }

        double Tell(string what, LoadResult result, TimeSpan processor, bool quiet)
        {
            if (!quiet)
            {
                var (median, p99) = result.Latency();
                var cores = processor / result.Elapsed;
                bench.Report.Note($"{what}: {result.RequestsPerSecond:#,0} requests/s, p50 {median:0.00} ms, p99 {p99:0.00} ms, {cores:0.00} cores of its own");
            }

            return result.RequestsPerSecond;
        }
    }
}
