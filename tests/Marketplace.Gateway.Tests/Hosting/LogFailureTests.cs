using System.Net;
using Marketplace.EventLog;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Hosting;

public sealed class EmbeddedLogFailureTests(EmbeddedGateway fixture) : LogFailureTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary>A log that cannot be written: writers get 503 and nothing is lost, readers go on, and it heals.</summary>
public abstract class LogFailureTests(GatewayFixture fixture)
{
    private const string Secret = "a full disk at a place that is nobody's business";

    [Fact]
    public async Task Writers_get_503_and_readers_go_on_until_there_is_room_again()
    {
        var log = new FailingLog();
        await using var gateway = await fixture.StartAsync(null, log.Install);
        await gateway.Http.SendProductsAsync(Product("before")).JsonAsync(HttpStatusCode.Accepted);
        await gateway.IsSoldAsync("before");
        log.Fault = (_, _) => new LogUnavailableException(Secret) { RetryAfter = TimeSpan.FromSeconds(7) };
        await gateway.WritesNothingAsync(async () =>
        {
            using (var answer = await gateway.Http.SendProductsAsync(Product("full")))
            {
                answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
                (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Secret);
            }

            var many = await gateway.Http.SendProductsAsync($"[{Product("full")}]").ProblemAsync(HttpStatusCode.ServiceUnavailable);
            many.GetProperty("next_index").GetInt64().ShouldBe(0);
            await gateway.Http.PutAsync("/banned/full", null).ProblemAsync(HttpStatusCode.ServiceUnavailable);
            await gateway.Http.DeleteAsync("/banned/full").ProblemAsync(HttpStatusCode.ServiceUnavailable);
            await gateway.Http.DeleteAsync("/shop/products/full").ProblemAsync(HttpStatusCode.ServiceUnavailable);
            await gateway.Http.GetAsync("/client/search").JsonAsync();
            await gateway.Http.GetAsync("/banned").JsonAsync();
            (await gateway.JourneyAsync("before")).StatusCode.ShouldBe(HttpStatusCode.OK);
        });

        log.Fault = (_, _) => null;
        await gateway.Http.PutAsync("/banned/full", null).JsonAsync(HttpStatusCode.Created);
        await gateway.Http.SendProductsAsync(Product("after")).JsonAsync(HttpStatusCode.Accepted);
        await gateway.IsSoldAsync("after");
    }

    [Fact]
    public async Task A_stream_whose_log_fails_midway_is_told_where_to_go_on()
    {
        var log = new FailingLog();
        await using var gateway = await fixture.StartAsync(null, log.Install);
        using var content = new PushContent(Ndjson);
        var sending = gateway.Http.SendAsync(Request(HttpMethod.Post, "/shop/products", content));
        await content.WriteAsync($"{Product("s0")}\n{{}}\n{Product("s2")}\n");
        await gateway.IsSoldAsync("s2");
        log.Fault = (_, _) => new LogUnavailableException(Secret);
        await content.WriteAsync($"{Product("s3")}\n{Product("s4")}\n");
        await content.EndAsync();

        var problem = await sending.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        (problem.GetProperty("accepted").GetInt64(), problem.GetProperty("rejected").GetInt64(), problem.GetProperty("next_index").GetInt64()).ShouldBe((2, 1, 3));
        problem.ToString().ShouldNotContain(Secret);
        (await gateway.ReadAsync(TopicNames.ShopProducts)).Select(r => r.Key).ShouldBe(["s0", "s2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_failure_that_nobody_foresaw_is_500_and_tells_its_reason_to_the_log_alone()
    {
        var log = new FailingLog { Fault = (_, _) => new InvalidOperationException(Secret) };
        await using var gateway = await fixture.StartAsync(null, log.Install);
        using var client = gateway.UncheckedClient();
        using var answer = await client.SendProductsAsync(Product("x"));
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(Secret);
        gateway.Written.Text.ShouldContain(Secret);
    }
}
