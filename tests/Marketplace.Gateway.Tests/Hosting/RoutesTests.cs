using System.Net;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.Logging;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Hosting;

public sealed class EmbeddedRoutesTests(EmbeddedGateway fixture) : RoutesTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary>Addresses and parameters that are not right.</summary>
public abstract class RoutesTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/shop")]
    [InlineData("/shop/products/a/b")]
    [InlineData("/client/products")]
    [InlineData("/banned/a/b")]
    public async Task An_unknown_address_is_404(string path) => await _gateway.Http.GetAsync(path).ProblemAsync(HttpStatusCode.NotFound);

    [Theory]
    [InlineData("PUT", "/shop/products", "POST")]
    [InlineData("GET", "/shop/products", "POST")]
    [InlineData("PATCH", "/shop/products/a", "DELETE, GET")]
    [InlineData("POST", "/banned/a", "DELETE, GET, PUT")]
    [InlineData("DELETE", "/client/search", "GET")]
    public async Task A_wrong_method_is_405_and_says_which_are_right(string method, string path, string allowed)
    {
        using var answer = await _gateway.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)).ShouldBe(allowed);
    }

    [Theory]
    [InlineData("/client/search?limit=0", "limit")]
    [InlineData("/client/search?limit=101", "limit")]
    [InlineData("/client/search?limit=много", "limit")]
    [InlineData("/client/search?limit=1&limit=2", "limit")]
    [InlineData("/client/search?limit=99999999999", "limit")]
    [InlineData("/client/search?limit=0x5", "limit")]
    [InlineData("/client/search?offset=-1", "offset")]
    [InlineData("/client/search?q=1&q=2", "q")]
    [InlineData("/client/search?brand=a&brand=b&facets=brand&facets=price", "brand", "facets")]
    [InlineData("/client/search?user_id=a%0Ab", "user_id")]
    [InlineData("/client/suggest?q=a&q=b", "q")]
    [InlineData("/analytics/summary?from=1&from=2", "from")]
    [InlineData("/analytics/summary?from=10:00", "from")]
    [InlineData("/analytics/summary?from=12/31/2025&to=2026-11", "from", "to")]
    [InlineData("/analytics/funnel?by=shop&limit=1001", "by", "limit")]
    [InlineData("/analytics/top-products?currency=R%0A", "currency")]
    [InlineData("/client/search?min_price=-1", "min_price")]
    [InlineData("/client/search?min_price=1,5", "min_price")]
    [InlineData("/client/search?min_price=1e999", "min_price")]
    [InlineData("/client/search?min_price=1e3&max_price=1e-3", "min_price", "max_price")]
    [InlineData("/client/search?min_price=10&max_price=9", "max_price")]
    [InlineData("/client/search?min_price=ten&in_stock=maybe", "min_price", "in_stock")]
    [InlineData("/client/search?currency=рубль", "currency")]
    [InlineData("/client/search?sort=best", "sort")]
    [InlineData("/client/search?explain=2", "explain")]
    [InlineData("/client/search?as_of=", "as_of")]
    [InlineData("/client/search?as_of=newest", "as_of")]
    [InlineData("/client/search?as_of=12345678-", "as_of")]
    [InlineData("/client/search?as_of=12345678-x", "as_of")]
    [InlineData("/client/search?as_of=12345678-11111111111111111", "as_of")]
    [InlineData("/client/search?as_of=+2345678-1&limit=0", "as_of", "limit")]
    [InlineData("/client/suggest?limit=0", "limit")]
    [InlineData("/client/suggest?limit=x", "limit")]
    [InlineData("/client/recommendations/u?limit=101", "limit")]
    [InlineData("/client/products/a/similar?limit=-1", "limit")]
    public async Task A_wrong_parameter_is_named(string path, params string[] fields) =>
        await _gateway.Http.GetAsync(path).ProblemAsync(HttpStatusCode.BadRequest, fields);

    [Fact]
    public async Task Control_characters_only_separate_words() =>
        (await _gateway.Http.GetAsync("/client/search?q=a%00b%0Ac").JsonAsync()).GetProperty("query").GetString().ShouldBe("a b c");

    [Fact]
    public async Task Too_many_facets_and_too_long_words_are_named()
    {
        await _gateway.Http.GetAsync($"/client/search?facets={string.Join(',', Enumerable.Range(0, 21))}").ProblemAsync(HttpStatusCode.BadRequest, "facets");
        await _gateway.Http.GetAsync($"/client/search?q={new string('x', 10_001)}").ProblemAsync(HttpStatusCode.BadRequest, "q");
    }

    [Fact]
    public async Task A_search_of_nothing_in_particular_answers()
    {
        await _gateway.Http.GetAsync("/client/search").JsonAsync();
        await _gateway.Http.GetAsync("/client/search?q=&facets=brand,price&sort=newest&explain=true&user_id=u&in_stock=true").JsonAsync();
        await _gateway.Http.GetAsync("/client/suggest").JsonAsync();
    }

    [Fact]
    public void A_start_logs_few_lines_and_one_warning()
    {
        _gateway.Written.Lines.Count.ShouldBeLessThan(15, _gateway.Written.Text);
        _gateway.Written.Lines.Where(l => l.Level > LogLevel.Information).Select(l => l.Line).ShouldHaveSingleItem().ShouldContain("There are no API keys");
    }
}
