using System.Diagnostics;
using System.Net;
using System.Text;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.Monitoring.Tests;

/// <summary>
/// Three real brokers and a Connect worker with the JMX exporter, a gateway on them, Prometheus and Alertmanager: the board shows
/// something in every panel, and the death of a broker is told once, and its return.
/// </summary>
public sealed class KafkaLiveTests : IDisposable
{
    private const int Victim = 3;

    private static readonly string[] Principals = ["shop_api", "client_api", "moderator", "filter", "connect"];
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan BoardLimit = TimeSpan.FromMinutes(3);

    /// <summary>The rule's 30 s, two scrapes, an evaluation and the route's 5 s, with room for a busy machine.</summary>
    private static readonly TimeSpan AlertLimit = TimeSpan.FromSeconds(30 + 15);

    /// <summary>Longer than any rule waits that a broker's death could set off.</summary>
    private static readonly TimeSpan Death = TimeSpan.FromSeconds(150);

    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-kafka-monitoring-").FullName;
    private readonly int[] _jmx = [.. Enumerable.Range(0, KafkaCluster.Brokers + 1).Select(_ => Ports.Free())];
    private readonly HttpClient _http = new();

    [Fact]
    public async Task Every_panel_shows_something_and_a_killed_broker_is_told_once_and_resolved()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KAFKA_ALERTS") is null, "KAFKA_ALERTS asks for a cluster, a worker and minutes of a dead broker.");
        Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
        Tool.Find("prometheus", "prometheus");
        using var alertmanager = new AlertmanagerServer();
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await KafkaCluster.StartAsync("1", token, node => Agent(_jmx[node - 1]));
        using var worker = StartConnect(cluster, out var rest);
        using var gateway = StartGateway(cluster);
        _http.BaseAddress = gateway.Url;
        await gateway.WaitUntilReadyAsync(_http, ReadyLimit, token);
        var (code, output) = await Script.TryAsync(
            Repository.Path("docker/connect/create-connector.sh"), [], [("CONNECT_HOST", "127.0.0.1"), ("REST_PORT", rest), ("FILE", Path.Combine(_folder, "sink.txt"))], ReadyLimit, token);
        code.ShouldBe(0, output);

        var targets = Enumerable.Range(1, KafkaCluster.Brokers).ToDictionary(node => $"kafka1-{node}:9404", node => $"127.0.0.1:{_jmx[node - 1]}");
        targets["connect:9404"] = $"127.0.0.1:{_jmx[^1]}";
        targets["gateway:5080"] = gateway.Url.Authority;
        targets["alertmanager:9093"] = alertmanager.Address;
        using var prometheus = await PrometheusServer.StartAsync(targets, token);
        await Board.Read("kafka").CheckAsync(prometheus, () => PostAsync(token), BoardLimit, TestContext.Current.TestOutputHelper!, token);
        alertmanager.Told.ShouldBeEmpty("while all is well");

        // Shops go on while the broker is away: what their requests, products and readers suffer would be told beside it.
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(token);
        var shop = TradeAsync(closing.Token);
        var victim = $"127.0.0.1:{_jmx[Victim - 1]}";
        var watch = Stopwatch.StartNew();
        cluster.All[Victim - 1].KillNow();
        await prometheus.UntilAsync(() => Task.FromResult(alertmanager.Told.Contains(("KafkaBrokerDown", victim, "firing"))), "the broker's death is told", AlertLimit, token);
        TestContext.Current.TestOutputHelper!.WriteLine($"killed -9 → told: {watch.Elapsed.TotalSeconds:F1} s");

        // What follows from it fires too, and is silenced.
        await prometheus.UntilAsync(
            async () => (await prometheus.QueryAsync("""ALERTS{alertname="KafkaUnderReplicated",alertstate="firing"}""", token)).Count > 0, "copies are missing", Death * 2, token);
        await prometheus.UntilAsync(() => Task.FromResult(watch.Elapsed > Death), "the other rules have had their time", Death * 2, token);
        watch.Restart();
        await cluster.RestoreAsync(token);
        await prometheus.UntilAsync(() => Task.FromResult(alertmanager.Told.Contains(("KafkaBrokerDown", victim, "resolved"))), "the broker's return is told", ReadyLimit, token);
        TestContext.Current.TestOutputHelper!.WriteLine($"started again → resolved: {watch.Elapsed.TotalSeconds:F1} s");
        await closing.CancelAsync();
        var (taken, refused) = await shop;
        TestContext.Current.TestOutputHelper!.WriteLine($"products taken: {taken}, answered 503: {refused}");
        alertmanager.Told.ShouldBe([("KafkaBrokerDown", victim, "firing"), ("KafkaBrokerDown", victim, "resolved")]);
    }

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Agent(int port) =>
        $"{Directory.GetFiles(Path.Combine(KafkaCluster.Home!, "agents"), "jmx_prometheus_javaagent-*.jar").Single()}={port}:{Repository.Path("prometheus/jmx-exporter.yml")}";

    private GuardedScript StartConnect(KafkaCluster cluster, out string rest)
    {
        rest = $"{Ports.Free()}";
        var plugins = Directory.CreateDirectory(Path.Combine(_folder, "plugins")).FullName;
        foreach (var plugin in new[] { "connect-file", "connect-transforms" })
        {
            File.Copy(Directory.GetFiles(Path.Combine(KafkaCluster.Home!, "libs"), $"{plugin}-*.jar").Single(), Path.Combine(plugins, $"{plugin}.jar"));
        }

        return GuardedScript.Start(Repository.Path("docker/connect/start-connect.sh"), Path.Combine(_folder, "connect"), new Dictionary<string, string>
        {
            ["KAFKA_HOME"] = KafkaCluster.Home!,
            ["KAFKA_HEAP_OPTS"] = "-Xms64M -Xmx256M",
            ["JAVA_AGENT"] = Agent(_jmx[^1]),
            ["BOOTSTRAP"] = cluster.BootstrapServers,
            ["CONNECT_PASSWORD"] = cluster.PasswordOf("connect"),
            ["BIND"] = "127.0.0.1",
            ["REST_PORT"] = rest,
            ["CERTS_DIR"] = cluster.Certificates,
            ["PLUGIN_PATH"] = plugins,
            ["PROPERTIES"] = Path.Combine(_folder, "connect.properties"),
        });
    }

    private GatewayProcess StartGateway(KafkaCluster cluster) => GatewayProcess.Start(Path.Combine(_folder, "gateway"), Ports.Free(),
    [
        "--EventLog:Provider=Kafka",
        $"--Kafka:BootstrapServers={cluster.BootstrapServers}",
        $"--Kafka:SslCaLocation={cluster.CaFile}",
        .. Principals.Select(name => $"--Kafka:Principals:{name}:Password={cluster.PasswordOf(name)}"),
    ]);

    /// <summary>A shop that sends a product ten times a second until it is told to end, and sends on after a 503.</summary>
    private async Task<(int Taken, int Refused)> TradeAsync(CancellationToken token)
    {
        var (taken, refused) = (0, 0);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await pace.WaitForNextTickAsync(token))
            {
                using var answer = await SendAsync(token);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    answer.EnsureSuccessStatusCode();
                    taken++;
                }
                else
                {
                    refused++;
                }
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // The day is over.
        }

        return (taken, refused);
    }

    private async Task PostAsync(CancellationToken token)
    {
        using var answer = await SendAsync(token);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<HttpResponseMessage> SendAsync(CancellationToken token)
    {
        using var body = new StringContent($$"""{"product_id":"{{Guid.NewGuid():N}}","name":"Товар"}""", Encoding.UTF8, "application/json");
        return await _http.PostAsync("/shop/products", body, token);
    }
}
