using System.Globalization;
using Marketplace.Crash.Tests;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>
/// Exactly once on Kafka: products and bans flow into two gateways while gateways and brokers are killed with -9, and a
/// gateway is paused until the group has given its partitions away and then wakes up.
/// Long form: <c>KAFKA_KILLS=100 dotnet test --project tests/Marketplace.EventLog.Kafka.Tests --filter-class "*ExactlyOnceTests"</c>.
/// </summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class ExactlyOnceTests(ITestOutputHelper output)
{
    private const int DefaultKills = 3;
    private const int Gateways = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(14);

    [Fact]
    public async Task Nothing_is_missing_doubled_or_sold_while_banned_whoever_is_killed_or_paused()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, token);
        var kills = int.TryParse(Environment.GetEnvironmentVariable("KAFKA_KILLS"), CultureInfo.InvariantCulture, out var asked) ? asked : DefaultKills;
        var random = new Random(1);
        var data = Directory.CreateTempSubdirectory("marketplace-kafka-gateways-").FullName;
        var ports = Enumerable.Range(0, Gateways).Select(_ => Ports.Free()).ToArray();
        var gateways = ports.Select((port, n) => Start(n, port)).ToArray();
        var ledger = new Ledger();
        using var stop = new CancellationTokenSource();
        var clients = ports.Select(port => new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.HangLimit }).ToArray();
        try
        {
            for (var n = 0; n < Gateways; n++)
            {
                await gateways[n].WaitUntilReadyAsync(clients[n], Eventually.HangLimit, token);
            }

            var traffic = clients.Select((http, n) => Task.Run(() => new ShopTraffic(http, ledger, n + 1).RunAsync(stop.Token), token))
                .Append(Task.Run(() => new ModeratorTraffic(clients[0], ledger, TimeProvider.System, 1).RunAsync(stop.Token), token))
                .ToList();
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(random.Next(500, 3000), token);
                traffic.ForEach(t => t.IsFaulted.ShouldBeFalse(t.Exception?.ToString()));
                Array.ForEach(gateways, gateway => gateway.HasExited.ShouldBeFalse(gateway.Output));
                switch (kill % 3)
                {
                    case 0:
                        var n = random.Next(Gateways);
                        await gateways[n].KillAsync();
                        gateways[n].Dispose();
                        gateways[n] = Start(n, ports[n]);
                        await gateways[n].WaitUntilReadyAsync(clients[n], Eventually.HangLimit, token);
                        break;
                    case 1:
                        cluster.All[random.Next(KafkaCluster.Brokers)].KillNow();
                        await Task.Delay(random.Next(1000, 5000), token);
                        await cluster.RestoreAsync(token);
                        break;
                    default:
                        // Longer than the session: the other one has the partitions when this one wakes up and commits.
                        var zombie = gateways[random.Next(Gateways)];
                        zombie.Pause();
                        await Task.Delay(Pause, token);
                        zombie.Resume();
                        break;
                }
            }

            await cluster.RestoreAsync(token);
            Array.ForEach(gateways, gateway => gateway.HasExited.ShouldBeFalse(gateway.Output));
            await stop.CancelAsync();
            await Task.WhenAll(traffic);
            Array.ForEach(gateways, gateway => gateway.HasExited.ShouldBeFalse(gateway.Output));
            await CheckAsync(cluster, ledger, kills, gateways);
            foreach (var gateway in gateways)
            {
                (await gateway.StopAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, gateway.Output);
            }
        }
        finally
        {
            Array.ForEach(gateways, gateway => gateway.Dispose());
            Array.ForEach(clients, client => client.Dispose());
        }

        Directory.Delete(data, recursive: true);

        GatewayProcess Start(int n, int port) => GatewayOnKafka.Start(cluster, Path.Combine(data, $"{n}"), port);
    }

    private async Task CheckAsync(KafkaCluster cluster, Ledger ledger, int kills, GatewayProcess[] gateways)
    {
        await using var log = SharedCluster.Open(cluster, "admin");
        var audit = await SettledAudit.RunAsync(log, TestContext.Current.CancellationToken);
        audit.Faults.Take(10).ShouldBeEmpty($"{audit.Faults.Count} faults\n{string.Join("\n\n", gateways.Select(gateway => gateway.Output))}");
        ledger.ShouldHoldFor(audit);
        output.WriteLine($"{kills} kills: {ledger.Acknowledged.Count} acknowledged, {ledger.Unknown.Count} unknown, {ledger.Resent} sent again, {ledger.Bans} bans and unbans; "
            + $"{audit.Shop.Count} in shop-products, {audit.Filtered.Count} in filtered-products, {audit.Decisions.Count} decisions");
    }
}

/// <summary>Tests that stop brokers or empty the topics run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneOnTheCluster
{
    public const string Name = "alone on the cluster";
}
