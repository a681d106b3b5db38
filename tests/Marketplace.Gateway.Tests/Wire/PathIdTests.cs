using System.Text.Json;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Wire;

public sealed class EmbeddedPathIdTests(EmbeddedKestrelGateway fixture) : PathIdTests(fixture), IClassFixture<EmbeddedKestrelGateway>;

/// <summary>Ids in paths on a real server, as they stand in the request line.</summary>
public abstract class PathIdTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    [Theory]
    [InlineData("a/b")]
    [InlineData("/")]
    [InlineData("a//b/../c/")]
    [InlineData("100%")]
    [InlineData("a%2Fb")]
    [InlineData("%")]
    [InlineData("...")]
    [InlineData("a.")]
    [InlineData(".hidden")]
    [InlineData(" два  пробела ")]
    [InlineData("a+b")]
    [InlineData("товар №1")]
    [InlineData("😀/ё")]
    [InlineData("a?b#c&d=e;f:g@h!$'()*,[]")]
    [InlineData("\"<\\>^`{|}\"")]
    [InlineData("check")]
    [InlineData("similar")]
    public async Task An_id_works_on_every_route(string id)
    {
        var body = JsonSerializer.Serialize(new { product_id = id, name = "Товар" });
        (await SendAsync("POST", "/shop/products", 202, body)).GetProperty("product_id").GetString().ShouldBe(id);
        foreach (var all in (bool[])[false, true])
        {
            var encoded = RawHttp.Encode(id, all);
            (await SoldAsync($"/client/products/{encoded}")).GetProperty("product_id").GetString().ShouldBe(id);
            (await SoldAsync($"/client/products/{encoded}/similar?limit=3")).GetProperty("product_id").GetString().ShouldBe(id);
            (await SendAsync("GET", $"/client/recommendations/{encoded}", 200)).GetProperty("user_id").GetString().ShouldBe(id);
            (await SendAsync("GET", $"/shop/products/{encoded}?x=/a/b", 200)).GetProperty("product_id").GetString().ShouldBe(id);

            var created = await RawHttp.SendAsync(_gateway.BaseAddress, "PUT", $"/banned/{encoded}");
            created.Status.ShouldBe(201, created.Body);
            created.Head.ShouldContain($"Location: /banned/{RawHttp.Encode(id)}\r\n");
            (await SendAsync("GET", $"/banned/{encoded}", 200)).GetProperty("product_id").GetString().ShouldBe(id);
            await Wait.UntilAsync(async () => (await RawHttp.SendAsync(_gateway.BaseAddress, "GET", $"/client/products/{encoded}")).Status == 404, $"{id} is not sold");
            (await RawHttp.SendAsync(_gateway.BaseAddress, "DELETE", $"/banned/{encoded}")).Status.ShouldBe(204);
        }

        (await RawHttp.SendAsync(_gateway.BaseAddress, "DELETE", $"/shop/products/{RawHttp.Encode(id)}")).Status.ShouldBe(204);
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).Last(r => r.Key == id).Value.ShouldBeNull();
    }

    [Theory]
    [InlineData("/banned/a%2")]
    [InlineData("/banned/a%zz")]
    [InlineData("/banned/%ff")]
    [InlineData("/banned/%D1")]
    [InlineData("/banned/%C0%AF")]
    [InlineData("/shop/products/a%zz")]
    [InlineData("/shop/products/%ff")]
    public async Task What_is_no_encoded_id_is_refused(string target) => await _gateway.WritesNothingAsync(async () =>
        (await SendAsync("DELETE", target, 400)).GetProperty("detail").GetString().ShouldNotBeNullOrEmpty());

    [Theory]
    [InlineData("/banned/.")]
    [InlineData("/banned/..")]
    [InlineData("/banned/%2e")]
    [InlineData("/banned/%2E%2e")]
    [InlineData("/banned/x/..")]
    [InlineData("/shop/products/..")]
    [InlineData("/shop/products/x/%2e%2e")]
    [InlineData("/shop/products/./..")]
    public async Task Dots_are_never_taken_for_another_path(string target) => await _gateway.WritesNothingAsync(async () =>
    {
        var answer = await RawHttp.SendAsync(_gateway.BaseAddress, "DELETE", target);
        answer.Status.ShouldBeInRange(400, 405, answer.Body);
        answer.Head.ShouldContain("application/problem+json");
    });

    [Fact]
    public async Task The_whole_address_may_stand_in_the_request_line()
    {
        await SendAsync("PUT", $"{_gateway.BaseAddress}banned/whole%25%20address", 201);
        (await SendAsync("GET", "/banned/whole%25%20address", 200)).GetProperty("product_id").GetString().ShouldBe("whole% address");
    }

    /// <summary>A ban lifted at once hides a product for a moment more, while the filter's removal and restoring pass through the read models.</summary>
    private async Task<JsonElement> SoldAsync(string target)
    {
        var answer = (Status: 0, Head: "", Body: "");
        await Wait.UntilAsync(async () => (answer = await RawHttp.SendAsync(_gateway.BaseAddress, "GET", target)).Status == 200, $"{target} is sold", () => answer.Body);
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }

    private async Task<JsonElement> SendAsync(string method, string target, int status, string body = "")
    {
        var answer = await RawHttp.SendAsync(_gateway.BaseAddress, method, target, body);
        answer.Status.ShouldBe(status, $"{method} {target}: {answer.Body}");
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.Clone();
    }
}
