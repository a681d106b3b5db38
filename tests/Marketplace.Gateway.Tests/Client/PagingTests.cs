using System.Net;
using System.Text.Json;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Client;

public sealed class EmbeddedPagingTests(EmbeddedGateway fixture) : PagingTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary>Pages of one <c>as_of</c> follow each other however products change between them.</summary>
public abstract class PagingTests(GatewayFixture fixture)
{
    private const int Products = 45;
    private const int Limit = 10;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Theory]
    [InlineData("relevance")]
    [InlineData("-price")]
    [InlineData("newest")]
    public async Task Pages_show_each_product_of_the_first_answer_once_but_for_those_taken_off_sale(string sort)
    {
        await using var gateway = await StartAsync();
        var first = await PageAsync(gateway, 0, sort: sort);
        var asOf = AsOf(first);
        first.GetProperty("total").GetInt32().ShouldBe(Products);
        var shown = Ids(first);
        var without = Ids(await PageAsync(gateway, 0, sort: sort, limit: 100));
        var gone = new List<string>();
        for (var offset = Limit; offset < Products; offset += Limit)
        {
            // Of what was not shown yet: one is withdrawn, one is banned, one goes down and one up; and others come before all of them.
            var left = without.Skip(offset).ToList();
            await gateway.Http.DeleteAsync($"/shop/products/{left[0]}").ShouldBeAsync(HttpStatusCode.NoContent);
            await gateway.Http.PutAsync($"/banned/{left[1]}", null).JsonAsync(HttpStatusCode.Created);
            gone.AddRange(left[..2]);
            await SendAsync(gateway, [.. left[2..3].Select(id => Item(id, "Кружка", 1)), .. shown[..2].Select(id => Item(id, "Чайник", 9_000)), Item($"later{offset}", "Чайник медный", 10_000)]);
            await gateway.IsNotSoldAsync(left[0]);
            await gateway.IsSoldAsync($"later{offset}");
            await Wait.UntilAsync(async () => !Ids(await PageAsync(gateway, 0, sort: sort, limit: 100)).Contains(left[2]), "the newest answer is without what has changed");

            var page = await PageAsync(gateway, offset, asOf, sort);
            AsOf(page).ShouldBe(asOf);
            shown.AddRange(Ids(page));
            page.GetProperty("total").GetInt32().ShouldBeGreaterThan(Math.Min(offset + Limit, Products) - 3, "pages can be counted by the total");
        }

        shown.ShouldBe(without.Except(gone), $"the order of the first answer, without {string.Join(", ", gone)}");
    }

    [Fact]
    public async Task A_product_banned_since_is_not_shown_from_an_old_snapshot_however_long_ago_and_is_again_when_the_ban_ends()
    {
        await using var gateway = await StartAsync();
        var all = Ids(await PageAsync(gateway, 0, limit: 100));
        var asOf = AsOf(await PageAsync(gateway, 0));
        var (soon, forGood, withdrawn) = (all[Limit], all[Limit + 1], all[Limit + 2]);
        await gateway.Http.PutAsync($"/banned/{soon}", Body(JsonSerializer.Serialize(new { expires_at = _time.GetUtcNow().AddSeconds(90) }))).JsonAsync(HttpStatusCode.Created);
        await gateway.Http.PutAsync($"/banned/{forGood}", null).JsonAsync(HttpStatusCode.Created);
        Ids(await PageAsync(gateway, Limit, asOf)).ShouldBe(all[Limit..(2 * Limit)].Except([soon, forGood]), "with the answer to the PUT");
        await gateway.Http.DeleteAsync($"/shop/products/{withdrawn}").ShouldBeAsync(HttpStatusCode.NoContent);
        await gateway.IsNotSoldAsync(withdrawn);
        await Wait.UntilAsync(async () => !(await PageAsync(gateway, 0, limit: 100)).ToString().Contains($"\"{forGood}\"", StringComparison.Ordinal), "the index is without it");
        _time.Advance(TimeSpan.FromSeconds(60));
        Ids(await PageAsync(gateway, Limit, asOf)).ShouldBe(all[Limit..(2 * Limit)].Except([soon, forGood, withdrawn]));

        // The ban ends by the clock, and the product is back in its place.
        _time.Advance(TimeSpan.FromSeconds(60));
        await gateway.IsSoldAsync(soon);
        var page = await PageAsync(gateway, Limit, asOf);
        AsOf(page).ShouldBe(asOf);
        Ids(page).ShouldBe(all[Limit..(2 * Limit)].Except([forGood, withdrawn]));
    }

    [Fact]
    public async Task A_token_whose_snapshot_is_gone_is_answered_by_the_newest_which_says_so()
    {
        await using var gateway = await StartAsync();
        var asOf = AsOf(await PageAsync(gateway, 0));
        await SendAsync(gateway, [Item("later", "Чайник медный", 10_000)]);
        await gateway.IsSoldAsync("later");
        AsOf(await PageAsync(gateway, 0, limit: 100)).ShouldNotBe(asOf);
        _time.Advance(TimeSpan.FromSeconds(119));
        AsOf(await PageAsync(gateway, Limit, asOf)).ShouldBe(asOf);
        _time.Advance(TimeSpan.FromMinutes(2));
        await IsAnsweredByTheNewestAsync(gateway, asOf);

        var last = AsOf(await PageAsync(gateway, 0));
        await gateway.RestartAsync();
        await IsAnsweredByTheNewestAsync(gateway, last);
        await IsAnsweredByTheNewestAsync(gateway, "0badcafe-7");
    }

    [Fact]
    public async Task Only_answers_with_more_than_they_showed_are_held_and_the_least_recently_used_goes()
    {
        await using var gateway = await StartAsync("Search:Paging:MaxHeld=2");
        var held = gateway.Services.GetRequiredService<HeldSnapshots>();
        held.Count.ShouldBe(0, "an index that fills holds nothing");
        await PageAsync(gateway, 0, limit: 100);
        await PageAsync(gateway, Products - 1);
        await PageAsync(gateway, 1_000);
        held.Count.ShouldBe(0, "all was shown");
        var tokens = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            tokens.Add(AsOf(await PageAsync(gateway, 0)));
            await SendAsync(gateway, [Item($"later{n}", "Чайник медный", 10_000)]);
            await gateway.IsSoldAsync($"later{n}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        held.Count.ShouldBe(2);
        AsOf(await PageAsync(gateway, Products, tokens[2])).ShouldBe(tokens[2]);
        AsOf(await PageAsync(gateway, Products, tokens[1])).ShouldBe(tokens[1]);
        AsOf(await PageAsync(gateway, Products, tokens[0])).ShouldNotBe(tokens[0]);
        _time.Advance(TimeSpan.FromMinutes(2));
        held.Count.ShouldBe(0);
    }

    private async Task<TestGateway> StartAsync(params string[] settings)
    {
        var gateway = await fixture.StartAsync(_time, settings);
        await SendAsync(gateway, [.. Enumerable.Range(0, Products).Select(n => Item($"p{n}", n % 2 == 0 ? $"Чайник медный {n % 7}" : "Медный с крышкой чайник", 100 + (n * 37 % Products)))]);
        await Wait.UntilAsync(async () => Ids(await PageAsync(gateway, 0, limit: 100)).Count == Products, "all are found", () => gateway.Written.Text);
        return gateway;
    }

    private static async Task IsAnsweredByTheNewestAsync(TestGateway gateway, string asOf)
    {
        var page = await PageAsync(gateway, 0, asOf, limit: 100);
        AsOf(page).ShouldNotBe(asOf);
        Ids(page).ShouldContain("later");
    }

    private static object Item(string id, string name, int price) => new { product_id = id, name, price = new { amount = price, currency = "RUB" } };

    private static Task<JsonElement> SendAsync(TestGateway gateway, object[] products) => gateway.Http.SendProductsAsync(JsonSerializer.Serialize(products)).JsonAsync(HttpStatusCode.Accepted);

    private static Task<JsonElement> PageAsync(TestGateway gateway, int offset, string? asOf = null, string sort = "relevance", int limit = Limit) => gateway.Http
        .GetAsync($"/client/search?q={Uri.EscapeDataString("медный чайник")}&offset={offset}&limit={limit}&sort={sort}{(asOf is null ? "" : $"&as_of={asOf}")}").JsonAsync();

    private static string AsOf(JsonElement page) => page.GetProperty("as_of").GetString()!;

    private static List<string> Ids(JsonElement page) =>
        [.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("product").GetProperty("product_id").GetString()!)];
}
