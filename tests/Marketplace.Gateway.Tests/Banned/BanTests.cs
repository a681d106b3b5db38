using System.Net;
using System.Text.Json;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Banned;

public sealed class EmbeddedBanTests(EmbeddedGateway fixture) : BanTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary><c>/banned</c>, and what a ban does to what is sold.</summary>
public abstract class BanTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string> Broken => new()
    {
        { "{", "$" },
        { "[]", "$" },
        { "\"отозван\"", "$" },
        { """{"reason":7}""", "reason" },
        { $$"""{"reason":"{{new string('x', 1001)}}"}""", "reason" },
        { """{"reason":"\ud83d"}""", "$" },
        { """{"reason":"a","reason":"b"}""", "reason" },
        { """{"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at" },
        { """{"expires_at":"завтра"}""", "expires_at" },
        { """{"expires_at":"01/02/2090"}""", "expires_at" },
        { """{"expires_at":1893456000}""", "expires_at" },
        { """{"expires":"2090-01-01T00:00:00Z"}""", "expires" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_ban_is_refused_by_field_and_nothing_is_written(string json, string field) =>
        await _gateway.WritesNothingAsync(() => _gateway.Http.PutAsync("/banned/broken", Body(json)).ProblemAsync(HttpStatusCode.BadRequest, field));

    [Theory]
    [InlineData("rule%3Ax")]
    [InlineData("a%09b")]
    [InlineData("%C2%85")]
    public async Task What_no_product_can_be_called_is_neither_banned_nor_unbanned(string id) => await _gateway.WritesNothingAsync(async () =>
    {
        await _gateway.Http.PutAsync($"/banned/{id}", null).ProblemAsync(HttpStatusCode.BadRequest, "product_id");
        await _gateway.Http.DeleteAsync($"/banned/{id}").ProblemAsync(HttpStatusCode.BadRequest, "product_id");
        await _gateway.Http.GetAsync($"/banned/{id}").ProblemAsync(HttpStatusCode.NotFound);
    });

    [Fact]
    public async Task A_ban_takes_a_product_off_sale_everywhere_and_an_unban_brings_its_latest_version_back()
    {
        await _gateway.Http.SendProductsAsync($"""[{Product("b1", "Самовар тульский")},{Product("b2", "Самовар расписной")}]""").JsonAsync(HttpStatusCode.Accepted);
        await _gateway.IsSoldAsync("b1");
        await _gateway.IsSoldAsync("b2");
        await ShownEverywhereAsync("b1", true);

        await _gateway.Http.PutAsync("/banned/b1", Body("""{"reason":"отозван"}""")).JsonAsync(HttpStatusCode.Created);
        await _gateway.IsNotSoldAsync("b1");
        await ShownEverywhereAsync("b1", false);
        await _gateway.Http.GetAsync("/client/products/b1/similar").ProblemAsync(HttpStatusCode.NotFound);
        await _gateway.Http.SendProductsAsync(Product("b1", "Самовар новый")).JsonAsync(HttpStatusCode.Accepted);

        await _gateway.Http.DeleteAsync("/banned/b1").ShouldBeAsync(HttpStatusCode.NoContent);
        await _gateway.IsSoldAsync("b1");
        await ShownEverywhereAsync("b1", true);

        // A filter that is behind takes the product away once more before it brings it back: the guard hid it sooner than the filter.
        await Wait.UntilAsync(async () =>
        {
            using var answer = await _gateway.Http.GetAsync("/client/products/b1");
            return answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync() == Product("b1", "Самовар новый");
        }, "the latest version is back");
    }

    [Fact]
    public async Task Put_is_201_when_new_and_200_when_changed_and_answers_what_get_will()
    {
        using var created = await _gateway.Http.PutAsync(At("/banned", "бан/1"), null);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.ToString().ShouldBe(At("/banned", "бан/1"));
        var changed = await _gateway.Http.PutAsync(At("/banned", "бан/1"), Body("""{"reason":"проверка","expires_at":"2090-01-01T03:00:00.0001+03:00"}""")).JsonAsync();
        var read = await _gateway.Http.GetAsync(At("/banned", "бан/1")).JsonAsync();
        read.ToString().ShouldBe(changed.ToString());
        (read.GetProperty("product_id").GetString(), read.GetProperty("reason").GetString()).ShouldBe(("бан/1", "проверка"));
        read.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2090, 1, 1, 0, 0, 0, 1, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_expiry_without_an_offset_is_UTC()
    {
        var ban = await _gateway.Http.PutAsync("/banned/utc", Body("""{"expires_at":"2090-01-01T00:00:00"}""")).JsonAsync(HttpStatusCode.Created);
        ban.GetProperty("expires_at").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task An_expiry_at_the_end_of_the_calendar_does_not_end_the_gateway()
    {
        await using var gateway = await fixture.StartAsync();
        await gateway.Http.PutAsync("/banned/forever", Body("""{"expires_at":"9999-12-31T23:59:59.9999999Z"}""")).JsonAsync(HttpStatusCode.Created);
        await gateway.RestartAsync();
        await gateway.Http.GetAsync("/banned/forever").JsonAsync();
    }

    [Fact]
    public async Task Unbanning_what_is_not_banned_is_204_and_its_ban_404()
    {
        await _gateway.Http.DeleteAsync("/banned/not-there").ShouldBeAsync(HttpStatusCode.NoContent);
        await _gateway.Http.GetAsync("/banned/not-there").ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_list_is_paged_by_product_id()
    {
        await using var gateway = await fixture.StartAsync();
        foreach (var id in (string[])["c", "a", "b"])
        {
            await gateway.Http.PutAsync($"/banned/{id}", null).JsonAsync(HttpStatusCode.Created);
        }

        var page = await gateway.Http.GetAsync("/banned?limit=1&offset=1").JsonAsync();
        page.GetProperty("total").GetInt32().ShouldBe(3);
        page.GetProperty("items").EnumerateArray().Select(b => b.GetProperty("product_id").GetString()).ShouldBe(["b"]);
        await gateway.Http.GetAsync("/banned?limit=0").ProblemAsync(HttpStatusCode.BadRequest, "limit");
        await gateway.Http.GetAsync("/banned?offset=-1").ProblemAsync(HttpStatusCode.BadRequest, "offset");
        await gateway.Http.GetAsync("/banned?limit=все").ProblemAsync(HttpStatusCode.BadRequest, "limit");
    }

    [Fact]
    public async Task A_ban_ends_by_the_clock_across_restarts_and_writes_nothing_to_the_list()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await fixture.StartAsync(time);
        await gateway.Http.SendProductsAsync(Product("soon")).JsonAsync(HttpStatusCode.Accepted);
        var end = time.GetUtcNow().AddHours(1);
        await gateway.Http.PutAsync("/banned/soon", Body(JsonSerializer.Serialize(new { expires_at = end }))).JsonAsync(HttpStatusCode.Created);
        await gateway.IsNotSoldAsync("soon");

        time.Advance(TimeSpan.FromMinutes(59));
        await gateway.RestartAsync();
        await gateway.Http.GetAsync("/banned/soon").JsonAsync();
        (await gateway.Http.GetAsync("/shop/products/soon").JsonAsync()).GetProperty("verdict").GetProperty("status").GetString().ShouldBe("banned");

        time.Advance(TimeSpan.FromMinutes(2));
        await gateway.IsSoldAsync("soon");
        await gateway.Http.GetAsync("/banned/soon").ProblemAsync(HttpStatusCode.NotFound);
        (await gateway.Http.GetAsync("/banned").JsonAsync()).GetProperty("total").GetInt32().ShouldBe(0);
        (await gateway.ReadAsync(TopicNames.BannedProducts)).Count.ShouldBe(1);

        // What has expired is new when it is put again.
        await gateway.Http.PutAsync("/banned/soon", null).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Another_media_type_is_refused_and_no_body_is_none()
    {
        await _gateway.WritesNothingAsync(() => _gateway.Http.PutAsync("/banned/media", Body("{}", "text/plain")).ProblemAsync(HttpStatusCode.UnsupportedMediaType));
        await _gateway.Http.PutAsync("/banned/media", Body(" ")).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public void A_list_that_is_still_being_read_says_so_instead_of_not_banned()
    {
        using var feed = new BanListFeed(_gateway.Services.GetRequiredService<TopicReading>(), NullLogger<BanListFeed>.Instance);
        using var desk = new BanDesk(feed, TimeProvider.System);
        Should.Throw<Marketplace.Gateway.Hosting.Problems.NotReadyException>(() => desk.Find("x"u8));
        Should.Throw<Marketplace.Gateway.Hosting.Problems.NotReadyException>(desk.All);
    }

    private async Task ShownEverywhereAsync(string id, bool shown)
    {
        foreach (var path in (string[])["/client/search?q=самовар&limit=100", "/client/search?limit=100", "/client/suggest?q=сам&limit=100", "/client/products/b2/similar?limit=100", "/client/recommendations/user123?limit=100"])
        {
            await Wait.UntilAsync(async () => (await _gateway.Http.GetStringAsync(path)).Contains($"\"{id}\"", StringComparison.Ordinal) == shown, $"GET {path} shows {id}: {shown}");
        }
    }
}
