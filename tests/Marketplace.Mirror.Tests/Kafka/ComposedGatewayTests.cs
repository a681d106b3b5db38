using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Marketplace.EventLog;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.Mirror.Tests.Kafka;

/// <summary>The gateway as <c>docker/docker-compose.yml</c> runs it, with its mirror to the second cluster.</summary>
public sealed class ComposedGatewayTests
{
    private const int Products = 50;
    private static readonly string[] Topics = ["shop-products", "filtered-products", "banned-products", "client-events", "client-queries"];
    private static readonly string[] Groups = ["file-sink", "unreadable-events", "connect-file-sink-connector"];
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_gateway_mirrors_to_the_second_cluster_through_kills_and_uses_every_right_of_the_mirror()
    {
        TwoClusters.SkipUnlessAsked();
        await using var clusters = await TwoClusters.StartAsync(Token, audited: true);
        await using var source = clusters.One("admin");
        await using var target = clusters.Two("admin");
        using (var admin = new AdminClientBuilder(clusters.Second.ClientProperties("admin")).Build())
        {
            // The mirror makes what is missing.
            await admin.DeleteTopicsAsync(["client-queries"]);
        }

        var data = Directory.CreateTempSubdirectory("marketplace-composed-").FullName;
        var port = Ports.Free();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = ReadyLimit };
        using (var killed = Start())
        {
            await killed.WaitUntilReadyAsync(http, ReadyLimit, Token);
            http.DefaultRequestHeaders.Add("X-Api-Key", Compose.AdminKey);
            await SendAsync(HttpMethod.Put, "/banned/p-1", "{}");
            await SendAsync(HttpMethod.Post, "/client/events", $$"""{"event_id":"e-1","type":"view","user_id":"u-1","product_id":"p-2","occurred_at":"{{TimeProvider.System.GetUtcNow():O}}"}""");
            await SendAsync(HttpMethod.Get, "/client/search?q=p", null);
            await SendProductsAsync(0);
            await killed.KillAsync();
        }

        using var gateway = Start();
        await gateway.WaitUntilReadyAsync(http, ReadyLimit, Token);
        await SendProductsAsync(Products);

        // Groups that have a position come along.
        await using (var writer = await source.OpenWriterAsync("composed-test", Token))
        {
            var positions = new AtomicBatch();
            Array.ForEach(Groups, group => positions.SetPosition(group, new EventLog.TopicPartition("shop-products", 0), new GroupPosition(1, null)));
            await writer.CommitAsync(positions, Token);
        }

        // More partitions and another setting at the source become the target's.
        await source.AddPartitionsAsync("client-queries", 7, Token);
        await source.EnsureTopicsAsync([(await source.DescribeTopicsAsync(Token))["dead-letters"].Spec with { RetentionTime = TimeSpan.FromDays(29) }], Token);
        await UntilAsync(async () => (await target.DescribeTopicsAsync(Token)) is var there && there["client-queries"].Spec.Partitions == 7 && there["dead-letters"].Spec.RetentionTime == TimeSpan.FromDays(29));
        await UntilAsync(() => AnswersAsync($"/shop/products/p-{Products + 1}", journey => journey.GetProperty("mirrored") is { ValueKind: JsonValueKind.Object } mirrored && mirrored.GetProperty("product").GetBoolean()));
        await UntilAsync(() => AnswersAsync("/mirror", mirror => mirror.GetProperty("state").GetString() == "running" && mirror.GetProperty("lag_records").GetInt64() == 0));

        await UntilAsync(async () => (await target.ListGroupsAsync(Token)).Intersect(Groups).Count() == Groups.Length);
        var verified = JsonElement.Parse(await SendAsync(HttpMethod.Post, "/mirror/verify", null));
        verified.GetProperty("equal").GetBoolean().ShouldBeTrue(verified.ToString());
        var (difference, same) = await LogComparison.RunAsync(source, target, Topics, Token);
        difference.ShouldBeNull();
        same.ShouldBeGreaterThanOrEqualTo((2 * ((2 * Products) - 1)) + 2);
        (await gateway.StopAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, gateway.Output);
        AuditTrail.Unused(clusters.First, "mirror").ShouldBeEmpty();
        AuditTrail.Unused(clusters.Second, "mirror").ShouldBeEmpty();
        Directory.Delete(data, recursive: true);

        GatewayProcess Start() => GatewayProcess.Start(data, port, [.. Compose.GatewaySettings(clusters.First, clusters.Second).Select(setting => $"--{setting}")]);

        // What does not answer yet because it is behind is waited for.
        async Task<bool> AnswersAsync(string path, Func<JsonElement, bool> isRight)
        {
            using var answer = await http.GetAsync(path, Token);
            return answer.IsSuccessStatusCode && isRight(await answer.Content.ReadFromJsonAsync<JsonElement>(Token));
        }

        async Task SendProductsAsync(int from)
        {
            for (var n = from; n < from + Products; n++)
            {
                await SendAsync(HttpMethod.Post, "/shop/products", $$"""{"product_id":"p-{{n}}","name":"Чайник {{n}}"}""");
            }
        }

        async Task<string> SendAsync(HttpMethod method, string path, string? body)
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await http.SendAsync(request, Token);
            var text = await answer.Content.ReadAsStringAsync(Token);
            answer.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted], text);
            return text;
        }

        Task UntilAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
            Eventually.HoldsAsync(condition, what, Limit, Poll, () => gateway.Output, Token);
    }
}
