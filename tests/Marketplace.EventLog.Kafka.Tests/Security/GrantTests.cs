using System.Net;
using System.Text;
using Marketplace.EventLog.Kafka.Tests.Gateways;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>
/// No right is superfluous: on a cluster of its own, whose brokers note what they allow, a gateway does all that it can do and
/// Kafka Connect fills its sink. Each row of the table must have been asked for by then, so whoever took it away would
/// have one of these requests refused.
/// </summary>
public sealed class GrantTests
{
    [Fact]
    public async Task Every_right_of_the_table_is_used()
    {
        Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
        var token = TestContext.Current.CancellationToken;
        await using var cluster = await KafkaCluster.StartAsync("1", token, audited: true);
        var folder = Directory.CreateTempSubdirectory("marketplace-grants-").FullName;
        using var worker = ConnectWorker.Start(cluster, Path.Combine(folder, "connect"), Path.Combine(folder, "sink.txt"));
        var port = Ports.Free();
        using (var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.HangLimit })
        {
            await RunAsync(http, () => UseAsync(cluster, http, token));
            await worker.CreateConnectorAsync(token);
            await FreshTopics.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(folder, "sink.txt"))), "the connector's line", token);

            // A start that has something to read.
            await RunAsync(http, () => Task.CompletedTask);
        }

        worker.Dispose();
        AuditTrail.Unused(cluster, GatewayOnKafka.Principals).ShouldBeEmpty();
        Directory.Delete(folder, recursive: true);

        async Task RunAsync(HttpClient http, Func<Task> use)
        {
            var data = Directory.CreateTempSubdirectory("marketplace-grants-data-").FullName;
            using var gateway = GatewayOnKafka.Start(cluster, data, port, "Sink:Enabled=true");
            await gateway.WaitUntilReadyAsync(http, Eventually.HangLimit, token);
            await use();
            (await gateway.StopAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, gateway.Output);
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Everything that a gateway writes and reads, once.</summary>
    private static async Task UseAsync(KafkaCluster cluster, HttpClient http, CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Put, "/banned/n-1", "{}", HttpStatusCode.Created);
        await SendAsync(HttpMethod.Post, "/shop/products", """{"product_id":"p-1","name":"Чайник"}""", HttpStatusCode.Accepted);
        await SendAsync(HttpMethod.Post, "/shop/products", """[{"product_id":"n-1","name":"Нож"}]""", HttpStatusCode.Accepted);
        await SendAsync(HttpMethod.Post, "/client/events", $$"""{"event_id":"e-1","type":"view","user_id":"u-1","product_id":"p-1","occurred_at":"{{TimeProvider.System.GetUtcNow():O}}"}""", HttpStatusCode.Accepted);
        await using (var log = SharedCluster.Open(cluster, "admin"))
        {
            await log.AppendAsync(TopicNames.ShopProducts, new LogRecord { Key = "x"u8.ToArray(), Value = "no product"u8.ToArray() }, cancellationToken);
            await log.AppendAsync(TopicNames.ClientEvents, new LogRecord { Key = "x"u8.ToArray(), Value = "no event"u8.ToArray() }, cancellationToken);
            await using var letters = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new(TopicNames.DeadLetters, 0)] = LogOffset.Begin }, new ReaderOptions(), cancellationToken);
            for (var seen = 0; seen < 2;)
            {
                using var batch = await letters.ReadAsync(cancellationToken);
                seen += batch?.Count ?? 0;
            }
        }

        await FreshTopics.UntilAsync(async () => (await http.GetAsync("/client/products/p-1", cancellationToken)).IsSuccessStatusCode, "the product to be sold", cancellationToken);
        await SendAsync(HttpMethod.Get, "/client/search?q=%D1%87%D0%B0%D0%B9%D0%BD%D0%B8%D0%BA", null, HttpStatusCode.OK);

        // The filter may still be at what was sent before.
        var journey = HttpStatusCode.ServiceUnavailable;
        await FreshTopics.UntilAsync(
            async () => (journey = (await http.GetAsync("/shop/products/n-1", cancellationToken)).StatusCode) != HttpStatusCode.ServiceUnavailable, "the journey to be known", cancellationToken);
        journey.ShouldBe(HttpStatusCode.OK);
        await SendAsync(HttpMethod.Get, "/analytics/searches", null, HttpStatusCode.OK);

        async Task SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            }

            using var answer = await http.SendAsync(request, cancellationToken);
            answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
    }
}
