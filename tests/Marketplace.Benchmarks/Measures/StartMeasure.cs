using System.Diagnostics;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>
/// From the start of the process until <c>/health/ready</c> on a log of 1M filtered products, and the memory it then holds.
/// The log was just written, so the disk's cache is warm.
/// </summary>
internal static class StartMeasure
{
    private const int Products = 1_000_000;
    private const double GoalSeconds = 20;
    private const double Megabyte = 1024 * 1024;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("start: on a full log");
        var count = bench.Options.Count(Products, 100_000);
        var data = bench.Folder("start");
        var source = new SentinelSource(new Random(1));
        var known = source.Next();
        await FillAsync(data, count, known, source, cancellationToken);

        var (now, peak) = (new List<double>(), new List<double>());
        var times = await Rounds.InterleaveAsync(bench.Options.Rounds(3, 1), cancellationToken, async () =>
        {
            var start = Stopwatch.GetTimestamp();
            await using var gateway = await LiveGateway.StartAsync(data, cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(start);
            var memory = gateway.Memory;
            now.Add(memory.Now / Megabyte);
            peak.Add(memory.Peak / Megabyte);
            CheckReady(gateway, known);
            return elapsed.TotalSeconds;
        });
        bench.Report.Add(Figure.Alone($"start → ready, {count:#,0} products", "s", times[0], Goal.AtMost, GoalSeconds));
        bench.Report.Add(Figure.Alone("memory when ready", "MB", now));
        bench.Report.Add(Figure.Alone("memory, peak until ready", "MB", peak));
    }

    private static async Task FillAsync(string data, int count, Sentinel known, SentinelSource source, CancellationToken cancellationToken)
    {
        await using var gateway = await LiveGateway.StartAsync(data, cancellationToken);
        var sinkBytes = 0L;
        var (accepted, _) = await NdjsonUpload.RunAsync(
            gateway.Endpoint, HttpRequests.Products,
            new ProductFeed().Lines(1, count).Append(known.Body).Select(piece =>
            {
                sinkBytes += piece.Length;
                return piece;
            }),
            cancellationToken);
        if (accepted != count + 1)
        {
            throw new InvalidOperationException($"{accepted} of {count + 1} products were accepted.");
        }

        // The last line has no line end in the stream, and has one in the file.
        gateway.Accepted(sinkBytes + 1);
        await gateway.SettleAsync(source, cancellationToken);
    }

    /// <summary>Ready has to mean that the last product of the log is found by the first search.</summary>
    private static void CheckReady(LiveGateway gateway, Sentinel known)
    {
        using var http = new HttpConnection(gateway.Endpoint);
        if (!known.IsIn(http.Exchange(known.Search, 200)))
        {
            throw new InvalidOperationException("The gateway said it was ready, and did not find a product of its log.");
        }
    }
}
