using System.Net;
using System.Text.Json;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Shop;

public sealed class EmbeddedArrayIngestionTests(EmbeddedGateway fixture) : ArrayIngestionTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary><c>POST /shop/products</c> with an array.</summary>
public abstract class ArrayIngestionTests(GatewayFixture fixture)
{
    private const int MaxBodyBytes = 32 * 1024 * 1024;
    private readonly TestGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task All_taken_is_202_in_the_order_sent()
    {
        var report = await _gateway.Http.SendProductsAsync($" [{Product("a1")} ,\n{Product("a2")},{Product("a1", "снова")}] ").JsonAsync(HttpStatusCode.Accepted);
        (report.GetProperty("accepted").GetInt64(), report.GetProperty("rejected").GetInt64()).ShouldBe((3, 0));
        var results = report.GetProperty("results").EnumerateArray().ToList();
        results.Select(r => r.GetProperty("index").GetInt64()).ShouldBe([0, 1, 2]);
        results.Select(r => r.GetProperty("product_id").GetString()).ShouldBe(["a1", "a2", "a1"]);
        results[2].GetProperty("offset").GetInt64().ShouldBeGreaterThan(results[0].GetProperty("offset").GetInt64());
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).Last(r => r.Key == "a1").Text.ShouldBe(Product("a1", "снова"));
    }

    [Fact]
    public async Task Some_refused_is_207_and_the_others_are_taken()
    {
        var report = await _gateway.Http.SendProductsAsync($$"""[{{Product("s1")}},7,{"product_id":"s2"},null,{{Product("s3")}}]""").JsonAsync(HttpStatusCode.MultiStatus);
        (report.GetProperty("accepted").GetInt64(), report.GetProperty("rejected").GetInt64()).ShouldBe((2, 3));
        var results = report.GetProperty("results").EnumerateArray().ToList();
        results.Select(r => r.GetProperty("status").GetString()).ShouldBe(["accepted", "rejected", "rejected", "rejected", "accepted"]);
        results[2].GetProperty("product_id").GetString().ShouldBe("s2");
        Fields(results[2]).ShouldBe(["name"]);
        Fields(results[1]).ShouldBe(["$"]);
        await _gateway.IsSoldAsync("s3");
    }

    [Fact]
    public async Task None_taken_is_400_with_the_results() => await _gateway.WritesNothingAsync(async () =>
    {
        var problem = await _gateway.Http.SendProductsAsync("""[{"product_id":"n1"},{}]""").ProblemAsync(HttpStatusCode.BadRequest);
        (problem.GetProperty("accepted").GetInt64(), problem.GetProperty("rejected").GetInt64()).ShouldBe((0, 2));
        problem.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("index").GetInt64()).ShouldBe([0, 1]);
    });

    [Fact]
    public async Task An_empty_array_is_taken_and_writes_nothing() => await _gateway.WritesNothingAsync(async () =>
    {
        var report = await _gateway.Http.SendProductsAsync("[]").JsonAsync(HttpStatusCode.Accepted);
        report.GetProperty("results").GetArrayLength().ShouldBe(0);
    });

    [Theory]
    [InlineData("[")]
    [InlineData("[1,")]
    [InlineData("[] []")]
    [InlineData("[,]")]
    public async Task What_is_no_JSON_is_refused_as_a_whole(string json) =>
        await _gateway.WritesNothingAsync(() => _gateway.Http.SendProductsAsync(json.Replace("[1", $"[{Product("w")}", StringComparison.Ordinal)).ProblemAsync(HttpStatusCode.BadRequest, "$"));

    [Fact]
    public async Task Ten_thousand_are_taken_and_one_more_is_refused()
    {
        static string Many(int count) => $"[{string.Join(',', Enumerable.Range(0, count).Select(n => $$"""{"product_id":"m{{n % 100}}","name":"x"}"""))}]";
        await _gateway.WritesNothingAsync(() => _gateway.Http.SendProductsAsync(Many(10_001)).ProblemAsync(HttpStatusCode.BadRequest, "$"));
        var report = await _gateway.Http.SendProductsAsync(Many(10_000)).JsonAsync(HttpStatusCode.Accepted);
        report.GetProperty("results").GetArrayLength().ShouldBe(10_000);
    }

    [Theory]
    [InlineData("/shop/products", true)]
    [InlineData("/shop/products", false)]
    [InlineData("/shop/products/check", true)]
    [InlineData("/banned/large", false)]
    public async Task A_body_over_32_MiB_is_refused_also_when_its_length_is_not_said(string path, bool sized) => await _gateway.WritesNothingAsync(async () =>
    {
        var bytes = new byte[MaxBodyBytes + 1];
        Array.Fill(bytes, (byte)' ');
        HttpContent body = sized ? Body(bytes) : new StreamContent(new Unsized(bytes));
        body.Headers.ContentType = new(Json);
        var method = path == "/banned/large" ? HttpMethod.Put : HttpMethod.Post;
        await _gateway.Http.SendAsync(Request(method, path, body)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    });

    [Fact]
    public async Task An_array_of_exactly_32_MiB_is_taken()
    {
        var json = $"[{Product("exact")}]";
        var report = await _gateway.Http.SendProductsAsync(json + new string(' ', MaxBodyBytes - System.Text.Encoding.UTF8.GetByteCount(json))).JsonAsync(HttpStatusCode.Accepted);
        report.GetProperty("accepted").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_product_over_a_mebibyte_in_an_array_is_refused_alone()
    {
        var json = $$"""[{{Product("big1")}},{"product_id":"big2","name":"x","own":"{{new string('x', 1024 * 1024)}}"}]""";
        var report = await _gateway.Http.SendProductsAsync(json).JsonAsync(HttpStatusCode.MultiStatus);
        Fields(report.GetProperty("results")[1]).ShouldBe(["$"]);
        report.GetProperty("results")[1].GetProperty("product_id").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    /// <summary>Its length cannot be asked.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
