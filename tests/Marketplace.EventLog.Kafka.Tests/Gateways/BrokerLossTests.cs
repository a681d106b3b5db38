using System.Diagnostics;
using System.Net;
using System.Text;
using Marketplace.Crash.Tests;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>Brokers go and come back: nothing acknowledged is lost, and a cluster that takes no writes is told of and waited for.</summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class BrokerLossTests
{
    private const long MemoryLimit = 700L * 1024 * 1024;
    private const int Callers = 32;
    private static readonly TimeSpan OutageLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan OutagePatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Hammering = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task With_brokers_lost_nothing_acknowledged_is_and_with_two_down_ingestion_says_503_until_they_are_back()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, token);
        var data = Directory.CreateTempSubdirectory("marketplace-kafka-gateway-").FullName;
        var port = Ports.Free();
        using var gateway = GatewayOnKafka.Start(cluster, data, port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.HangLimit };
        await gateway.WaitUntilReadyAsync(http, Eventually.HangLimit, token);

        // One after another, with products flowing in.
        var ledger = new Ledger();
        using var stop = new CancellationTokenSource();
        var traffic = Task.Run(() => new ShopTraffic(http, ledger, 1).RunAsync(stop.Token), token);
        try
        {
            foreach (var broker in cluster.All)
            {
                broker.KillNow();
                var before = ledger.Acknowledged.Count;
                await FreshTopics.UntilAsync(
                    () => Task.FromResult(ledger.Acknowledged.Count > before + 50 || traffic.IsFaulted), $"products to be taken without broker {broker.NodeId}: {before} were before", token, () => gateway.Output);
                await cluster.RestoreAsync(token);
            }

            await CheckAsync(cluster, gateway, http, ledger, stop, traffic, token);
        }
        finally
        {
            await cluster.RestoreAsync(token);
        }

        (await gateway.StopAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, gateway.Output);
        Directory.Delete(data, recursive: true);
    }

    private static async Task CheckAsync(
        KafkaCluster cluster, GatewayProcess gateway, HttpClient http, Ledger ledger, CancellationTokenSource stop, Task traffic, CancellationToken token)
    {
        await stop.CancelAsync();
        await traffic;

        await using var log = SharedCluster.Open(cluster, "admin");
        var groups = await log.ListGroupsAsync(token);
        groups.ShouldContain("filter");

        cluster.All[0].KillNow();
        cluster.All[1].KillNow();
        var watch = Stopwatch.StartNew();
        HttpStatusCode status;
        do
        {
            using var answer = await PostAsync(http, "outage");
            status = answer.StatusCode;
            if (status == HttpStatusCode.ServiceUnavailable)
            {
                answer.Headers.RetryAfter.ShouldNotBeNull();
            }
        }
        while (status != HttpStatusCode.ServiceUnavailable && watch.Elapsed < OutageLimit);
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);

        // Many callers, and what they send is refused, not kept.
        watch.Restart();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            for (var n = 0; watch.Elapsed < Hammering; n++)
            {
                using var answer = await PostAsync(http, $"outage-{caller}-{n}");
                answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            }
        }));
        using (var process = Process.GetProcessById(gateway.Id))
        {
            process.WorkingSet64.ShouldBeLessThan(MemoryLimit);
        }

        (await http.GetAsync("/client/search?q=Товар", token)).StatusCode.ShouldBe(HttpStatusCode.OK);

        // Groups are asked of every broker: those that are down make the answer incomplete, and nothing worse.
        await using (var impatient = SharedCluster.Open(cluster, "admin", options => options with { DeliveryTimeout = OutagePatience }))
        {
            await Should.ThrowAsync<LogUnavailableException>(async () => await impatient.ListGroupsAsync(token));
        }

        await cluster.RestoreAsync(token);
        await FreshTopics.UntilAsync(async () =>
        {
            ShouldRun(gateway);
            using var answer = await PostAsync(http, "after");
            return answer.StatusCode == HttpStatusCode.Accepted;
        }, "ingestion to resume by itself", token, () => gateway.Output);
        await FreshTopics.UntilAsync(async () =>
        {
            ShouldRun(gateway);
            using var answer = await http.GetAsync("/client/products/after", token);
            return answer.StatusCode == HttpStatusCode.OK;
        }, "the filter to resume by itself", token, () => gateway.Output);

        // While a group changes its coordinator no broker may list it.
        await FreshTopics.UntilAsync(async () => (await log.ListGroupsAsync(token)).Order().SequenceEqual(groups.Order()), $"the groups {string.Join(", ", groups)} to be listed", token);
        var audit = await SettledAudit.RunAsync(log, token);
        audit.Faults.Take(10).ShouldBeEmpty();
        ledger.ShouldHoldFor(audit);
    }

    private static void ShouldRun(GatewayProcess gateway) =>
        gateway.HasExited.ShouldBeFalse(gateway.HasExited ? $"The gateway exited with {gateway.ExitCode}:\n{gateway.Output}" : null);

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string id) =>
        http.PostAsync("/shop/products", new StringContent($$"""{"product_id":"{{id}}","name":"Товар"}""", Encoding.UTF8, "application/json"));
}
