using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>Kafka Connect from the files of <c>docker/connect</c>: the sink's file holds the line of every product that passed.</summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class ConnectTests
{
    private const int Products = 200;
    private static readonly TimeSpan SetupLimit = TimeSpan.FromSeconds(150);

    [Fact]
    public async Task The_sink_connector_runs_and_writes_each_passed_products_line_once()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, token);
        var folder = Directory.CreateTempSubdirectory("marketplace-connect-").FullName;
        var file = Path.Combine(folder, "filtered-products.txt");
        var port = $"{Ports.Free()}";
        var plugins = Directory.CreateDirectory(Path.Combine(folder, "plugins")).FullName;
        File.Copy(Directory.GetFiles(Path.Combine(KafkaCluster.Home!, "libs"), "connect-file-*.jar").Single(), Path.Combine(plugins, "connect-file.jar"));
        File.Copy(Directory.GetFiles(Path.Combine(KafkaCluster.Home!, "libs"), "connect-transforms-*.jar").Single(), Path.Combine(plugins, "connect-transforms.jar"));
        using var worker = GuardedScript.Start(Repository.Path("docker/connect/start-connect.sh"), folder, new Dictionary<string, string>
        {
            ["KAFKA_HOME"] = KafkaCluster.Home!,
            ["KAFKA_HEAP_OPTS"] = "-Xms64M -Xmx256M",
            ["BOOTSTRAP"] = cluster.BootstrapServers,
            ["CONNECT_PASSWORD"] = cluster.PasswordOf("connect"),
            ["BIND"] = "127.0.0.1",
            ["REST_PORT"] = port,
            ["CERTS_DIR"] = cluster.Certificates,
            ["PLUGIN_PATH"] = plugins,
            ["PROPERTIES"] = Path.Combine(folder, "connect.properties"),
        });

        await using var log = SharedCluster.Open(cluster, "admin");
        await using var writer = await log.OpenWriterAsync("filter-connect-test", token);
        var batch = new AtomicBatch();
        for (var n = 0; n < Products; n++)
        {
            batch.Add(TopicNames.FilteredProducts, new LogRecord { Key = Key(n), Value = Key(n, "{\"product_id\":\"товар-", "\"}") });
        }

        batch.Add(TopicNames.FilteredProducts, LogRecord.Tombstone(Key(7)));
        await writer.CommitAsync(batch, token);

        var (code, output) = await Script.TryAsync(
            Repository.Path("docker/connect/create-connector.sh"), [], [("CONNECT_HOST", "127.0.0.1"), ("REST_PORT", port), ("FILE", file)], SetupLimit, token);
        code.ShouldBe(0, $"{output}\n{string.Join('\n', File.ReadLines(GuardedScript.LogOf(folder)).TakeLast(30))}");
        await FreshTopics.UntilAsync(() => Task.FromResult(File.Exists(file) && File.ReadAllLines(file).Length >= Products), "the sink's lines", token);
        File.ReadAllLines(file).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, Products).Select(n => $"{{\"product_id\":\"товар-{n}\"}}").Order(StringComparer.Ordinal));
        worker.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static ReadOnlyMemory<byte> Key(int n, string before = "товар-", string after = "") => System.Text.Encoding.UTF8.GetBytes($"{before}{n}{after}");
}
