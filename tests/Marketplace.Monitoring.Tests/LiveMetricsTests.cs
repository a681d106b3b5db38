using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary><c>/metrics</c> of a running gateway, as the tools read it.</summary>
[Collection(LiveGateway.Name)]
public sealed class LiveMetricsTests(LiveGateway gateway)
{
    [Fact]
    public async Task Promtool_takes_what_a_live_gateway_shows()
    {
        var promtool = Tool.Find("promtool", "prometheus");
        await gateway.WithTrafficAsync(TestContext.Current.CancellationToken);
        var text = await gateway.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        (await Tool.RunAsync(promtool, Repository.Path("prometheus"), ["check", "metrics"], text)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_reader_chooses_the_text()
    {
        var token = TestContext.Current.CancellationToken;
        foreach (var (accept, type, ends) in new[]
        {
            ("", "text/plain", "\n"),
            ("text/html,*/*;q=0.1", "text/plain", "\n"),
            ("text/plain;version=0.0.4", "text/plain", "\n"),
            ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "application/openmetrics-text", "\n# EOF\n"),
            ("application/openmetrics-text;version=0.0.1", "text/plain", "\n"),
            ("application/openmetrics-text;q=0.2,text/plain;q=0.9", "text/plain", "\n"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var answer = await gateway.Http.SendAsync(request, token);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe(type, accept);
            var text = await answer.Content.ReadAsStringAsync(token);
            text.ShouldEndWith(ends, customMessage: accept);
            text.Contains("# EOF", StringComparison.Ordinal).ShouldBe(ends.Contains("EOF", StringComparison.Ordinal), accept);
        }
    }

    /// <summary>Counts the same things twice: by what was sent, and by what is shown.</summary>
    [Fact]
    public async Task What_was_sent_is_what_is_counted()
    {
        var token = TestContext.Current.CancellationToken;
        const string Accepted = "marketplace_ingestion_records_total{outcome=\"accepted\",topic=\"shop-products\"}";
        const string Rejected = "marketplace_ingestion_records_total{outcome=\"rejected\",topic=\"shop-products\"}";
        const string Duplicate = "marketplace_ingestion_records_total{outcome=\"duplicate\",topic=\"client-events\"}";
        var before = await gateway.SamplesAsync(token);
        await gateway.PostAsync("/shop/products", """{"product_id":"count-1","name":"Товар"}""", token);
        await gateway.PostAsync("/shop/products", """{"product_id":"count-1"}""", token);
        await gateway.PostAsync("/shop/products", """[{"product_id":"count-2","name":"Товар"},{"product_id":"count-3","name":"Товар"},{"name":"x"}]""", token);
        await gateway.PostAsync("/shop/products", "{\"product_id\":\"count-4\",\"name\":\"Товар\"}\n{}\n{\"product_id\":\"count-5\",\"name\":\"Товар\"}\n", token, "application/x-ndjson");
        const string Event = """{"event_id":"count-e","type":"view","user_id":"u","product_id":"count-1","occurred_at":"2026-01-31T12:00:00Z"}""";
        await gateway.PostAsync("/client/events", Event, token);
        await gateway.PostAsync("/client/events", Event, token);

        var after = await gateway.SamplesAsync(token);
        (after[Accepted] - before[Accepted]).ShouldBe(5);
        (after[Rejected] - before[Rejected]).ShouldBe(3);
        (after[Duplicate] - before.GetValueOrDefault(Duplicate)).ShouldBe(1);
    }

    [Fact]
    public async Task A_ban_is_counted_while_it_is_in_force_and_freshness_is_measured_both_ways()
    {
        var token = TestContext.Current.CancellationToken;
        const string Searchable = "marketplace_freshness_seconds_count{path=\"accepted_searchable\"}";
        const string Invisible = "marketplace_freshness_seconds_count{path=\"ban_invisible\"}";
        const string Accepted = "marketplace_ingestion_records_total{outcome=\"accepted\",topic=\"shop-products\"}";
        await gateway.UntilAsync(async () => await gateway.SamplesAsync(token) is var seen && seen.GetValueOrDefault(Searchable) == seen[Accepted], "all earlier products are counted", token);
        var before = await gateway.SamplesAsync(token);
        await gateway.PostAsync("/shop/products", """{"product_id":"fresh-1","name":"Свежий товар"}""", token);
        await gateway.UntilAsync(async () => (await gateway.SamplesAsync(token)).GetValueOrDefault(Searchable) == before.GetValueOrDefault(Searchable) + 1, "the product is counted as searchable", token);

        (await gateway.Http.PutAsync("/banned/fresh-1", null, token)).EnsureSuccessStatusCode();
        await gateway.UntilAsync(async () => (await gateway.SamplesAsync(token)).GetValueOrDefault(Invisible) == before.GetValueOrDefault(Invisible) + 1, "the ban is counted as in force", token);
        (await gateway.SamplesAsync(token))["marketplace_bans_in_force"].ShouldBe(before["marketplace_bans_in_force"] + 1);

        // The ban's end brings the product back, which is not a product that has just been accepted.
        (await gateway.Http.DeleteAsync("/banned/fresh-1", token)).EnsureSuccessStatusCode();
        await gateway.UntilAsync(async () => (await gateway.Http.GetAsync("/client/products/fresh-1", token)).IsSuccessStatusCode, "the product is back", token);
        var after = await gateway.SamplesAsync(token);
        after["marketplace_bans_in_force"].ShouldBe(before["marketplace_bans_in_force"]);
        after[Searchable].ShouldBe(before.GetValueOrDefault(Searchable) + 1);
    }
}
