using System.Net;
using System.Text;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Shop;

public sealed class EmbeddedLineIngestionTests(EmbeddedGateway fixture) : LineIngestionTests(fixture), IClassFixture<EmbeddedGateway>;

public sealed class EmbeddedKestrelLineIngestionTests(EmbeddedKestrelGateway fixture) : LineIngestionTests(fixture), IClassFixture<EmbeddedKestrelGateway>;

/// <summary><c>POST /shop/products</c> with a stream of lines.</summary>
public abstract class LineIngestionTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task Lines_are_counted_without_blank_ones_whatever_ends_them()
    {
        var text = $"\uFEFF{Product("l1")}\r\n\n  \t\r\n{Product("l2")}\n{{\"product_id\":\"l3\"}}\n{Product("l4")}";
        var report = await _gateway.Http.SendProductsAsync(text, Ndjson).JsonAsync(HttpStatusCode.MultiStatus);
        (report.GetProperty("accepted").GetInt64(), report.GetProperty("rejected").GetInt64()).ShouldBe((3, 1));
        report.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("product_id").GetString()).ShouldBe(["l1", "l2", "l3", "l4"]);
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).Single(r => r.Key == "l1").Text.ShouldBe(Product("l1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n \n")]
    public async Task A_stream_of_nothing_is_taken_and_writes_nothing(string text) => await _gateway.WritesNothingAsync(async () =>
        (await _gateway.Http.SendProductsAsync(text, Ndjson).JsonAsync(HttpStatusCode.Accepted)).GetProperty("accepted").GetInt64().ShouldBe(0));

    [Fact]
    public async Task Broken_lines_alone_are_400() => await _gateway.WritesNothingAsync(async () =>
    {
        var problem = await _gateway.Http.SendProductsAsync("{\nнет\n[]\n", Ndjson).ProblemAsync(HttpStatusCode.BadRequest);
        problem.GetProperty("results").GetArrayLength().ShouldBe(3);
    });

    [Fact]
    public async Task A_line_too_long_is_refused_and_those_around_it_are_taken()
    {
        var text = $"{Product("t1")}\n{{\"product_id\":\"t2\",\"name\":\"{new string('x', 5 * 1024 * 1024)}\"}}\n{Product("t3")}\n";
        var report = await _gateway.Http.SendProductsAsync(text, Ndjson).JsonAsync(HttpStatusCode.MultiStatus);
        report.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("status").GetString()).ShouldBe(["accepted", "rejected", "accepted"]);
        Fields(report.GetProperty("results")[1]).ShouldBe(["$"]);
    }

    [Fact]
    public async Task Of_more_than_ten_thousand_lines_only_the_first_thousand_refused_are_listed()
    {
        var lines = new StringBuilder();
        for (var n = 0; n < 12_000; n++)
        {
            lines.Append(n % 10 == 9 ? "{}\n" : $$"""{"product_id":"p{{n % 50}}","name":"x"}""" + "\n");
        }

        var report = await _gateway.Http.SendProductsAsync(lines.ToString(), Ndjson).JsonAsync(HttpStatusCode.MultiStatus);
        (report.GetProperty("accepted").GetInt64(), report.GetProperty("rejected").GetInt64()).ShouldBe((10_800, 1_200));
        var results = report.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(1000);
        results.ShouldAllBe(r => r.GetProperty("status").GetString() == "rejected");
        results[^1].GetProperty("index").GetInt64().ShouldBe(9_999);
    }

    [Fact]
    public async Task A_pausing_client_finds_its_lines_on_sale_before_it_goes_on()
    {
        using var content = new PushContent(Ndjson);
        var sending = _gateway.Http.SendAsync(Request(HttpMethod.Post, "/shop/products", content));
        for (var n = 0; n < 3; n++)
        {
            // A line comes in two pieces.
            var line = Product($"slow{n}");
            await content.WriteAsync(line[..20]);
            await content.WriteAsync(line[20..] + "\n");
            await _gateway.IsSoldAsync($"slow{n}");
        }

        await content.EndAsync();
        (await sending.JsonAsync(HttpStatusCode.Accepted)).GetProperty("accepted").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Of_a_stream_cut_in_the_middle_whole_lines_are_kept_and_half_a_line_is_not()
    {
        using var content = new PushContent(Ndjson);
        using var cut = new CancellationTokenSource();
        var sending = _gateway.Http.SendAsync(Request(HttpMethod.Post, "/shop/products", content), cut.Token);
        await content.WriteAsync($"{Product("whole")}\n{Product("half")}");
        await _gateway.IsSoldAsync("whole");
        await cut.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(sending);
        await content.EndAsync();

        // A later product of the same client stands behind it in the log, and half a line nowhere.
        await _gateway.Http.SendProductsAsync(Product("after-cut")).JsonAsync(HttpStatusCode.Accepted);
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).ShouldAllBe(r => r.Key != "half");
    }
}
