using System.Text;
using Marketplace.Benchmarks.Events;
using Marketplace.Benchmarks.Limits;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;

namespace Marketplace.Benchmarks.Measures;

/// <summary>Clients' events as one ndjson stream, each id checked and durable, against a raw SQLite append loop over the same records.</summary>
internal static class EventsMeasure
{
    private const int Events = 1_000_000;
    private const int WarmUpEvents = 50_000;
    private const int Users = 100_000;
    private const int Products = 100_000;
    private const int Commit = 1_000;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("events: one stream of 190 B events");
        var count = bench.Options.Count(Events, 200_000);
        var feed = new EventFeed(Users, Products, seed: 1);
        var records = feed.Take(count).Select(e => (Encoding.UTF8.GetBytes(EventFeed.UserId(e.User)), feed.Json(e))).ToList();
        var pieces = feed.Lines(count).ToList();
        var warmUp = new EventFeed(Users, Products, seed: 2).Lines(WarmUpEvents).ToList();
        var accepted = await Rounds.InterleaveAsync(
            bench.Options.Rounds(3, 2), cancellationToken, () => Task.Run(() => RawSqlite.Append(bench.Folder("raw"), records, Commit), cancellationToken), GatewayAsync);
        bench.Report.Add(Figure.Against($"events, accepted, against commits of {Commit}", "events/s", accepted[1], accepted[0]));

        async Task<double> GatewayAsync()
        {
            await using var gateway = await LiveGateway.StartAsync(bench.Folder("events"), cancellationToken);
            await NdjsonUpload.RunAsync(gateway.Endpoint, HttpRequests.Events, warmUp, cancellationToken);
            var (taken, elapsed) = await NdjsonUpload.RunAsync(gateway.Endpoint, HttpRequests.Events, pieces, cancellationToken);
            return taken == count ? count / elapsed.TotalSeconds : throw new InvalidOperationException($"{taken} of {count} events were accepted.");
        }
    }
}
