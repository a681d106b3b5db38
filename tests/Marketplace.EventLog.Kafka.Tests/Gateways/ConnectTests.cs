using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>Kafka Connect from the files of <c>docker/connect</c>: the sink's file holds the line of every product that passed.</summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class ConnectTests
{
    private const int Products = 200;

    [Fact]
    public async Task The_sink_connector_runs_and_writes_each_passed_products_line_once()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, token);
        var folder = Directory.CreateTempSubdirectory("marketplace-connect-").FullName;
        var file = Path.Combine(folder, "filtered-products.txt");
        using var worker = ConnectWorker.Start(cluster, folder, file);

        await using var log = SharedCluster.Open(cluster, "admin");
        await using var writer = await log.OpenWriterAsync("filter-connect-test", token);
        var batch = new AtomicBatch();
        for (var n = 0; n < Products; n++)
        {
            batch.Add(TopicNames.FilteredProducts, new LogRecord { Key = Key(n), Value = Key(n, "{\"product_id\":\"товар-", "\"}") });
        }

        batch.Add(TopicNames.FilteredProducts, LogRecord.Tombstone(Key(7)));
        await writer.CommitAsync(batch, token);

        await worker.CreateConnectorAsync(token);
        await FreshTopics.UntilAsync(() => Task.FromResult(File.Exists(file) && File.ReadAllLines(file).Length >= Products), "the sink's lines", token);
        File.ReadAllLines(file).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, Products).Select(n => $"{{\"product_id\":\"товар-{n}\"}}").Order(StringComparer.Ordinal));
        worker.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static ReadOnlyMemory<byte> Key(int n, string before = "товар-", string after = "") => System.Text.Encoding.UTF8.GetBytes($"{before}{n}{after}");
}
