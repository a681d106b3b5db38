using System.Text;

namespace Marketplace.Monitoring.Tests;

/// <summary>One trace follows a product from its POST through the log; a receiver of the test's own sees it.</summary>
[Collection(LiveGateway.Name)]
public sealed class TraceTests(LiveGateway gateway)
{
    private const string Caller = "b7ad6b7169203331";

    [Theory]
    [InlineData("application/json", """{"product_id":"traced","name":"Товар"}""")]
    [InlineData("application/json", """[{"product_id":"traced-a","name":"Товар"}]""")]
    [InlineData("application/x-ndjson", """{"product_id":"traced-l","name":"Товар"}""")]
    public async Task A_products_trace_goes_from_its_post_over_the_filter_to_the_index_and_the_mirror(string type, string body)
    {
        var token = TestContext.Current.CancellationToken;
        var trace = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/shop/products") { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Add("traceparent", $"00-{trace}-{Caller}-01");
        (await gateway.Http.SendAsync(request, token)).EnsureSuccessStatusCode();

        IEnumerable<ReceivedSpan> Spans() => gateway.Receiver.Spans.Where(span => span.TraceId == trace);
        await gateway.UntilAsync(() => Task.FromResult(Spans().Any(span => span.Name == "index product")), "the span of the index is received", token);
        await gateway.UntilAsync(() => Task.FromResult(Spans().Count() >= 5), "the other spans are received", token);

        // Each names the one before it; the mirror copies what the POST wrote and what the filter wrote.
        var post = Spans().Single(span => span.ParentId == Caller);
        post.Name.ShouldContain("POST");
        Spans().Where(span => span.ParentId == post.SpanId).Select(span => span.Name).ShouldBe(["filter product", "mirror record"], ignoreOrder: true);
        var filter = Spans().Single(span => span.Name == "filter product");
        Spans().Where(span => span.ParentId == filter.SpanId).Select(span => span.Name).ShouldBe(["index product", "mirror record"], ignoreOrder: true);
        Spans().Count().ShouldBe(5);
    }

    [Fact]
    public async Task A_trace_that_nobody_wants_recorded_leaves_nothing()
    {
        var token = TestContext.Current.CancellationToken;
        var (unwanted, wanted) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        foreach (var (trace, flags) in new[] { (unwanted, "00"), (wanted, "01") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/shop/products") { Content = new StringContent($$"""{"product_id":"{{trace}}","name":"Товар"}""", Encoding.UTF8, "application/json") };
            request.Headers.Add("traceparent", $"00-{trace}-{Caller}-{flags}");
            (await gateway.Http.SendAsync(request, token)).EnsureSuccessStatusCode();
        }

        await gateway.UntilAsync(() => Task.FromResult(gateway.Receiver.Spans.Any(span => span.TraceId == wanted && span.Name == "index product")), "the later trace is received", token);
        gateway.Receiver.Spans.ShouldNotContain(span => span.TraceId == unwanted);
    }

    [Fact]
    public async Task Metrics_are_sent_to_the_same_receiver()
    {
        var token = TestContext.Current.CancellationToken;
        await gateway.WithTrafficAsync(token);
        string[] expected = ["http.server.request.duration", "marketplace.freshness", "marketplace.search.duration", "marketplace.eventlog.append.duration"];
        await gateway.UntilAsync(() => Task.FromResult(expected.All(gateway.Receiver.Metrics.ContainsKey)), "the metrics are received", token);
    }
}
