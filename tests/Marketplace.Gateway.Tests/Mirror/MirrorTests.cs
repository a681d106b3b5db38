using System.Net;
using System.Text.Json;
using Marketplace.Gateway.Tests.Fixture;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Mirror;

public sealed class EmbeddedMirrorTests(EmbeddedGateway fixture) : MirrorTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary>The second copy over HTTP: status, verification, take-over, and a gateway that serves from it.</summary>
public abstract class MirrorTests(GatewayFixture fixture)
{
    [Fact]
    public async Task What_is_taken_is_copied_and_both_sides_are_the_same()
    {
        await using var gateway = await fixture.StartAsync();
        await gateway.Http.SendProductsAsync($"[{string.Join(',', Enumerable.Range(0, 200).Select(n => Product($"m-{n}")))}]").JsonAsync(HttpStatusCode.Accepted);
        await gateway.IsSoldAsync("m-199");
        var status = await CaughtUpAsync(gateway, products: 200);
        (status.GetProperty("source").GetString(), status.GetProperty("target").GetString()).ShouldBe(("cluster1", "cluster2"));
        status.GetProperty("topics").EnumerateArray().Select(t => t.GetProperty("topic").GetString()).ShouldBe(
            ["banned-products", "client-events", "client-queries", "dead-letters", "filter-decisions", "filter-progress", "filtered-products", "idempotency-keys", "shop-products"]);
        await Wait.UntilAsync(
            async () => (await gateway.Http.GetAsync("/mirror").JsonAsync()).GetProperty("groups").EnumerateArray()
                .Any(g => g.GetProperty("group").GetString() == "filter" && g.GetProperty("in_step").GetBoolean()),
            "the filter's positions are in step");

        var verified = await gateway.Http.PostAsync("/mirror/verify", null).JsonAsync();
        verified.GetProperty("equal").GetBoolean().ShouldBeTrue(verified.ToString());
        var products = (await gateway.Http.PostAsync("/mirror/verify?topic=shop-products", null).JsonAsync()).GetProperty("partitions").EnumerateArray().ToList();
        products.Count.ShouldBe(6);
        products.Sum(p => p.GetProperty("target").GetProperty("records").GetInt64()).ShouldBe(200);
        products.ShouldAllBe(p => p.GetProperty("source").GetProperty("digest").GetString() == p.GetProperty("target").GetProperty("digest").GetString());

        await gateway.Http.PostAsync("/mirror/verify?topic=unknown", null).ProblemAsync(HttpStatusCode.NotFound);
        await gateway.Http.PostAsync("/mirror/resume?topic=shop-products&from=soon", null).ProblemAsync(HttpStatusCode.BadRequest, "from");
        await gateway.Http.PostAsync("/mirror/resume?from=position", null).ProblemAsync(HttpStatusCode.BadRequest, "topic");
        await gateway.Http.PostAsync("/mirror/resume?topic=shop-products&partition=77", null).ProblemAsync(HttpStatusCode.NotFound);
        await gateway.Http.PostAsync("/mirror/resume?topic=shop-products&from=beginning", null).ProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_gateway_takes_over_from_the_copy_and_goes_on_where_the_first_one_was()
    {
        await using var gateway = await fixture.StartAsync();
        await gateway.Http.SendProductsAsync($"[{string.Join(',', Enumerable.Range(0, 50).Select(n => Product($"t-{n}")))}]").JsonAsync(HttpStatusCode.Accepted);
        await gateway.Http.PutAsync("/banned/t-7", Body("""{"reason":"отозван"}""")).JsonAsync(HttpStatusCode.Created);
        await gateway.IsSoldAsync("t-49");
        await gateway.IsNotSoldAsync("t-7");

        // Clients are not shown it any more before the filter has judged.
        await Wait.UntilAsync(
            async () => (await gateway.ReadAsync("filter-decisions")).Any(r => r.Key == "t-7")
                && (await gateway.ReadAsync("filtered-products")).LastOrDefault(r => r.Key == "t-7")?.Value is null,
            "the verdict is durable",
            () => gateway.Written.Text);
        await gateway.MirrorRunsAsync();

        // What was meant otherwise is refused, not done.
        await gateway.Http.PostAsync("/mirror/promote", new StringContent("""{"dry_run":true}""", System.Text.Encoding.UTF8, "application/json")).ProblemAsync(HttpStatusCode.BadRequest, "$");
        await gateway.Http.PostAsync("/mirror/promote?dry-run=true", null).ProblemAsync(HttpStatusCode.BadRequest, "dry-run");
        var dry = await gateway.Http.PostAsync("/mirror/promote?dry_run=true", null).JsonAsync();
        dry.GetProperty("promoted").GetBoolean().ShouldBeFalse();
        var promoted = await gateway.Http.PostAsync("/mirror/promote", null).JsonAsync();
        promoted.GetProperty("promoted").GetBoolean().ShouldBeTrue(promoted.ToString());
        promoted.GetProperty("obstacles").GetArrayLength().ShouldBe(0);
        await Wait.UntilAsync(async () => (await gateway.Http.GetAsync("/mirror").JsonAsync()).GetProperty("state").GetString() == "promoted", "it is promoted");

        var decisions = (await gateway.ReadAsync("filter-decisions")).Count;
        await gateway.StopAsync();
        var settings = promoted.GetProperty("settings").EnumerateArray().Select(s => s.GetString()!).ToArray();
        settings.ShouldContain($"Data:Path={Path.Combine(gateway.DataPath, "mirror")}");
        settings.ShouldContain($"Mirror:Target:Path={Path.Combine(gateway.DataPath, "mirror", "mirror")}");
        await using var second = await fixture.StartAsync(settings: settings);

        // It serves from the first one's folder, and has none of its own to let go of.
        Directory.CreateDirectory(Path.Combine(second.DataPath, "log"));
        await second.IsSoldAsync("t-49");
        await second.IsNotSoldAsync("t-7");
        (await second.ReadAsync("filter-decisions")).Count.ShouldBe(decisions, "nothing was judged anew");
        await second.Http.DeleteAsync("/banned/t-7").ShouldBeAsync(HttpStatusCode.NoContent);
        await second.IsSoldAsync("t-7");
        await second.Http.SendProductsAsync(Product("t-new")).JsonAsync(HttpStatusCode.Accepted);
        await second.IsSoldAsync("t-new");
        await CaughtUpAsync(second, products: 1);
    }

    [Fact]
    public async Task Without_a_mirror_its_routes_are_not_there()
    {
        await using var gateway = await fixture.StartAsync(settings: ["Mirror:Enabled=false"]);
        await gateway.Http.GetAsync("/mirror").ProblemAsync(HttpStatusCode.NotFound);
        Directory.Exists(Path.Combine(gateway.DataPath, "mirror")).ShouldBeFalse();
    }

    /// <param name="products">How many have to be copied at least: the lag is of the ends that the mirror has seen, and it may not have looked yet.</param>
    private static async Task<JsonElement> CaughtUpAsync(TestGateway gateway, int products)
    {
        var status = default(JsonElement);
        await Wait.UntilAsync(
            async () =>
            {
                using var answer = await gateway.Http.GetAsync("/mirror");
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    return false;
                }

                status = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
                return status.GetProperty("state").GetString() == "running" && status.GetProperty("lag_records").GetInt64() == 0
                    && status.GetProperty("topics").EnumerateArray().Where(topic => topic.GetProperty("topic").GetString() == "shop-products")
                        .Sum(topic => topic.GetProperty("partitions").EnumerateArray().Sum(partition => partition.GetProperty("copied").GetInt64())) >= products;
            },
            "the mirror has caught up",
            () => status.ToString());
        return status;
    }
}
