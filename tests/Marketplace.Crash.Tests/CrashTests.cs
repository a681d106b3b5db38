using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Crash.Tests;

/// <summary>
/// Exactly once, embedded: products, bans and clients' events flow in while the gateway is killed with -9 at random moments, also while
/// it starts. Long form: <c>CRASH_KILLS=200 dotnet test --project tests/Marketplace.Crash.Tests</c>.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int DefaultKills = 5;
    private const int Shops = 3;
    private const int Clients = 2;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShownLimit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Nothing_is_lost_doubled_or_sold_while_banned_however_often_the_process_is_killed()
    {
        var kills = Setting("CRASH_KILLS", DefaultKills);
        var seed = Setting("CRASH_SEED", 1);
        var random = new Random(seed);
        var data = Directory.CreateTempSubdirectory("marketplace-crash-").FullName;
        var port = Ports.Free();
        var ledger = new Ledger();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.HangLimit };
        using var stop = new CancellationTokenSource();
        var gateway = GatewayProcess.Start(data, port);
        try
        {
            var traffic = Enumerable.Range(0, Shops).Select(n => Task.Run(() => new ShopTraffic(http, ledger, seed + n).RunAsync(stop.Token)))
                .Concat(Enumerable.Range(0, Clients).Select(n => Task.Run(() => new ClientTraffic(http, ledger, TimeProvider.System, seed + n).RunAsync(stop.Token))))
                .Append(Task.Run(() => new ModeratorTraffic(http, ledger, TimeProvider.System, seed).RunAsync(stop.Token)))
                .ToList();

            for (var kill = 0; kill < kills; kill++)
            {
                // Every third kill may hit the start itself.
                if (kill % 3 != 2)
                {
                    await gateway.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);
                }

                await Task.Delay(random.Next(50, 1500), TestContext.Current.CancellationToken);
                traffic.ForEach(t => t.IsFaulted.ShouldBeFalse(t.Exception?.ToString()));
                gateway.HasExited.ShouldBeFalse(gateway.Output);
                await gateway.KillAsync();
                gateway.Dispose();
                gateway = GatewayProcess.Start(data, port);
            }

            await gateway.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await Task.WhenAll(traffic);
            await CheckAnswersAsync(http, data);
            await CheckEventsAsync(http, ledger, data);
            await CheckMirrorAsync(http);
            (await gateway.StopAsync(Eventually.HangLimit)).ShouldBe(0, gateway.Output);
        }
        finally
        {
            gateway.Dispose();
        }

        await SettleAsync(data, port, http);
        var audit = await AuditAsync(data, ledger);
        var mirrored = await CompareMirrorAsync(data);
        output.WriteLine($"{kills} kills: {ledger.Acknowledged.Count} acknowledged, {ledger.Unknown.Count} unknown, {ledger.Resent} sent again, {ledger.Bans} bans and unbans; "
            + $"{ledger.Events.Count} events, {ledger.EventsResent} requests sent again; "
            + $"{mirrored} records of the copy are the same; {audit.Shop.Count} in shop-products, {audit.Filtered.Count} in filtered-products, {audit.Decisions.Count} decisions");
        Directory.Delete(data, recursive: true);
    }

    /// <summary>What clients see: exactly the products that are on sale by the shops' and the moderators' own answers.</summary>
    private static async Task CheckAnswersAsync(HttpClient http, string data)
    {
        // Every ban on time has expired after this; waiting for the condition below would mistake an early look for a fault.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        var banned = (await http.GetFromJsonAsync<JsonElement>("/banned?limit=1000")).GetProperty("items").EnumerateArray()
            .Select(b => b.GetProperty("product_id").GetString()!).ToHashSet();
        foreach (var id in Enumerable.Range(0, ShopTraffic.Products).Select(n => $"товар/{n}"))
        {
            var path = Uri.EscapeDataString(id);
            System.Diagnostics.Stopwatch? watch = null;
            while (true)
            {
                using var journeyAnswer = await JourneyAsync(http, path);
                watch ??= System.Diagnostics.Stopwatch.StartNew();
                using var productAnswer = await http.GetAsync($"/client/products/{path}");
                var status = journeyAnswer.StatusCode == HttpStatusCode.NotFound
                    ? "withdrawn"
                    : (await journeyAnswer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdict").GetProperty("status").GetString();
                status.ShouldBe(status == "withdrawn" ? status : banned.Contains(id) ? "banned" : "passed", id);
                if (productAnswer.StatusCode == (status == "passed" ? HttpStatusCode.OK : HttpStatusCode.NotFound))
                {
                    break;
                }

                watch.Elapsed.ShouldBeLessThan(ShownLimit, $"{id} is {status} and GET /client/products answers {productAnswer.StatusCode} ({data})");
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Asks again while the filter has not judged all that was sent before, which on a busy machine takes longer than the gateway waits.</summary>
    private static async Task<HttpResponseMessage> JourneyAsync(HttpClient http, string path)
    {
        HttpResponseMessage? answer = null;
        await Eventually.HoldsAsync(
            async () => (answer = await http.GetAsync($"/shop/products/{path}")).StatusCode != HttpStatusCode.ServiceUnavailable, $"the filter knows {path}", Eventually.HangLimit, Poll);
        return answer!;
    }

    /// <summary>Every acknowledged event counts once in the analytics, and once more sent it is a duplicate.</summary>
    private static async Task CheckEventsAsync(HttpClient http, Ledger ledger, string data)
    {
        var summary = (await http.GetFromJsonAsync<JsonElement>("/analytics/summary")).GetProperty("events");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var type in new[] { "view", "add_to_cart", "purchase" })
        {
            var expected = ledger.Events.Values.Count(t => t == type);
            while (summary.GetProperty(type).GetInt32() != expected)
            {
                watch.Elapsed.ShouldBeLessThan(ShownLimit, $"{summary.GetProperty(type)} events of {type} count, {expected} were acknowledged ({data})");
                await Task.Delay(10, TestContext.Current.CancellationToken);
                summary = (await http.GetFromJsonAsync<JsonElement>("/analytics/summary")).GetProperty("events");
            }
        }

        var popularity = await http.GetFromJsonAsync<JsonElement>("/analytics/top-products?by=views&limit=1000");
        popularity.GetProperty("items").EnumerateArray().Sum(i => i.GetProperty("views").GetInt32()).ShouldBe(ledger.Events.Values.Count(t => t == "view"), data);
    }

    /// <summary>The mirror says that it has all, and that both sides are the same.</summary>
    private static async Task CheckMirrorAsync(HttpClient http)
    {
        var found = "";
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await http.GetAsync("/mirror");
                found = await answer.Content.ReadAsStringAsync();
                return answer.StatusCode == HttpStatusCode.OK && JsonElement.Parse(found) is var status
                    && status.GetProperty("state").GetString() == "running" && status.GetProperty("lag_records").GetInt64() == 0;
            },
            "the mirror has all", Eventually.HangLimit, Poll, () => found, TestContext.Current.CancellationToken);

        using var verified = await http.PostAsync("/mirror/verify", null);
        (await verified.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("equal").GetBoolean().ShouldBeTrue(await verified.Content.ReadAsStringAsync());
    }

    /// <summary>A stop leaves the sink and the mirror where they are; further lives, without traffic, bring both to the end of the log.</summary>
    private static async Task SettleAsync(string data, int port, HttpClient http)
    {
        var sink = Path.Combine(data, "filtered-products.txt");
        var (ends, lines) = await EndsAsync(data);
        while (true)
        {
            // Each start writes the filter's progress anew: that this is copied is waited for, too.
            ends[new TopicPartition("filter-progress", 0)]++;
            var copied = new Dictionary<TopicPartition, long>();
            using var gateway = GatewayProcess.Start(data, port);
            await gateway.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(
                async () => File.ReadLines(sink).Count() >= lines && Covers(copied = await CopiedAsync(http), ends),
                "the sink and the mirror have all", Eventually.HangLimit, Poll, () => gateway.Output, TestContext.Current.CancellationToken);
            (await gateway.StopAsync(Eventually.HangLimit)).ShouldBe(0, gateway.Output);

            // What this life has written since is left to another one.
            (ends, lines) = await EndsAsync(data);
            if (Covers(copied, ends) && File.ReadLines(sink).Count() >= lines)
            {
                return;
            }
        }

        static bool Covers(Dictionary<TopicPartition, long> copied, Dictionary<TopicPartition, long> ends) => ends.All(end => copied.GetValueOrDefault(end.Key) >= end.Value);
    }

    /// <summary>How far the mirror has copied each partition; nothing when it is not open yet.</summary>
    private static async Task<Dictionary<TopicPartition, long>> CopiedAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/mirror");
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            return [];
        }

        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("topics").EnumerateArray()
            .SelectMany(topic => topic.GetProperty("partitions").EnumerateArray().Select(partition => (
                Name: new TopicPartition(topic.GetProperty("topic").GetString()!, partition.GetProperty("partition").GetInt32()), Position: partition.GetProperty("position").GetInt64())))
            .ToDictionary(partition => partition.Name, partition => partition.Position);
    }

    /// <summary>Where each partition of the closed log ends, and how many lines the sink is to have.</summary>
    private static async Task<(Dictionary<TopicPartition, long> Ends, int Lines)> EndsAsync(string data)
    {
        await using var log = await OpenAsync(Path.Combine(data, "log"));
        var ends = new Dictionary<TopicPartition, long>();
        foreach (var (topic, description) in await log.DescribeTopicsAsync(TestContext.Current.CancellationToken))
        {
            for (var number = 0; number < description.Spec.Partitions; number++)
            {
                var partition = new TopicPartition(topic, number);
                ends[partition] = (await log.GetRangeAsync(partition, TestContext.Current.CancellationToken)).End;
            }
        }

        return (ends, (await LogDump.ReadAsync(log, "filtered-products", TestContext.Current.CancellationToken)).Count(record => record.Value is not null));
    }

    /// <summary>The second copy holds each record once and as it is, by a reader that knows nothing of mirrors.</summary>
    private static async Task<long> CompareMirrorAsync(string data)
    {
        await using var source = await OpenAsync(Path.Combine(data, "log"));
        await using var target = await OpenAsync(Path.Combine(data, "mirror", "log"));
        var topics = (await source.DescribeTopicsAsync(TestContext.Current.CancellationToken)).Keys;
        var (difference, same) = await LogComparison.RunAsync(source, target, topics, TestContext.Current.CancellationToken, latestOnly: ["filter-progress"]);
        difference.ShouldBeNull(data);
        return same;
    }

    private static Task<EmbeddedEventLog> OpenAsync(string folder) => EmbeddedEventLog.OpenAsync(
        new EmbeddedLogOptions { Path = folder, MaintenanceInterval = Timeout.InfiniteTimeSpan }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, TestContext.Current.CancellationToken);

    private static async Task<LogAudit> AuditAsync(string data, Ledger ledger)
    {
        await using var log = await EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = Path.Combine(data, "log") }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, TestContext.Current.CancellationToken);
        var audit = await LogAudit.RunAsync(log, TimeProvider.System.GetUtcNow(), TestContext.Current.CancellationToken);
        audit.Faults.Take(10).ShouldBeEmpty($"{audit.Faults.Count} faults in {data}");

        var events = await LogDump.ReadAsync(log, "client-events", TestContext.Current.CancellationToken);
        events.Select(e => JsonDocument.Parse(e.Value!).RootElement.GetProperty("event_id").GetString()!).Order(StringComparer.Ordinal)
            .SequenceEqual(ledger.Events.Keys.Order(StringComparer.Ordinal)).ShouldBeTrue($"client-events does not hold each acknowledged event once ({data})");

        ledger.ShouldHoldFor(audit, $"({data})");
        var lines = (await File.ReadAllLinesAsync(Path.Combine(data, "filtered-products.txt"))).Order(StringComparer.Ordinal);
        var passed = audit.Filtered.Where(r => r.Value is not null).Select(r => r.Text!).Order(StringComparer.Ordinal);
        lines.SequenceEqual(passed, StringComparer.Ordinal).ShouldBeTrue($"the sink's file is not what filtered-products holds ({data})");
        return audit;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
