using System.Net;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Hosting;

public sealed class EmbeddedHealthTests(EmbeddedGateway fixture) : HealthTests(fixture), IClassFixture<EmbeddedGateway>;

public abstract class HealthTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Ready_lists_every_part_with_its_reason()
    {
        var ready = await fixture.Gateway.Http.GetAsync("/health/ready").JsonAsync();
        ready.GetProperty("status").GetString().ShouldBe("ready");
        var parts = ready.GetProperty("parts").EnumerateArray().ToList();
        parts.Select(p => p.GetProperty("name").GetString()).ShouldBe(["event-log", "idempotency-keys", "ban-list", "filter", "sink", "search", "recommendations", "analytics", "client-events", "client-queries", "mirror"], ignoreOrder: true);
        parts.ShouldAllBe(p => p.GetProperty("ready").GetBoolean() && p.GetProperty("reason").GetString()!.Length > 0);
    }

    [Fact]
    public async Task A_part_that_is_not_ready_makes_503_and_says_why_while_the_process_lives()
    {
        var part = new Part();
        await using var gateway = await fixture.StartAsync(null, services => services.AddSingleton<IReadinessPart>(part));
        part.Now = new Readiness(false, "reads 5 of 7");
        using (var answer = await gateway.Http.GetAsync("/health/ready"))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeGreaterThanOrEqualTo(1);
            var text = await answer.Content.ReadAsStringAsync();
            text.ShouldContain("Not ready yet: test-part.");
            text.ShouldContain("reads 5 of 7");
        }

        (await gateway.Http.GetAsync("/health/live").JsonAsync()).GetProperty("status").GetString().ShouldBe("live");
        part.Now = new Readiness(true, "read 7 of 7");
        await gateway.Http.GetAsync("/health/ready").JsonAsync();
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    public async Task Monitors_may_ask_by_head(string path)
    {
        await using var gateway = await fixture.StartAsync();
        using var question = new HttpRequestMessage(HttpMethod.Head, path);
        using var answer = await gateway.Http.SendAsync(question);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Parts_that_are_switched_off_are_neither_waited_for_nor_served()
    {
        await using var gateway = await fixture.StartAsync(settings: ["Search:Enabled=false", "Recommendations:Enabled=false", "Sink:Enabled=false", "Analytics:Enabled=false"]);
        var ready = await gateway.Http.GetAsync("/health/ready").JsonAsync();
        ready.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ShouldBe(["event-log", "idempotency-keys", "ban-list", "filter", "client-events", "client-queries", "mirror"], ignoreOrder: true);
        await gateway.Http.GetAsync("/client/search").ProblemAsync(HttpStatusCode.NotFound);
        await gateway.Http.SendProductsAsync(Product("x")).JsonAsync(HttpStatusCode.Accepted);
        File.Exists(gateway.SinkFile).ShouldBeFalse();
    }

    private sealed class Part : IReadinessPart
    {
        public Readiness Now { get; set; } = new(true, "nothing to read");

        public string Name => "test-part";

        public Readiness Readiness => Now;
    }
}
