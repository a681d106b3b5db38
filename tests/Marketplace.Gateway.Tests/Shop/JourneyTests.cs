using System.Net;
using System.Text.Json;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Shop;

public sealed class EmbeddedJourneyTests(EmbeddedGateway fixture) : JourneyTests(fixture), IClassFixture<EmbeddedGateway>
{
    private readonly TestGateway _gateway = fixture.Gateway;

    /// <summary>Embedded, the mirror runs without being asked for.</summary>
    [Fact]
    public async Task A_journey_tells_up_to_where_the_mirror_has_the_product()
    {
        var receipt = await _gateway.Http.SendProductsAsync(Product("зеркало")).JsonAsync(HttpStatusCode.Accepted);
        await Wait.UntilAsync(async () => (await JourneyAsync("зеркало")).GetProperty("mirrored") is { ValueKind: JsonValueKind.Object } mirrored
            && mirrored.GetProperty("product").GetBoolean()
            && mirrored.GetProperty("offset").GetInt64() > receipt.GetProperty("offset").GetInt64(), "the product is mirrored");
    }
}

/// <summary>A product's journey, and its withdrawal.</summary>
public abstract class JourneyTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task A_journey_tells_acceptance_verdict_and_since_when_it_is_searchable()
    {
        var receipt = await _gateway.Http.SendProductsAsync(Product("путь")).JsonAsync(HttpStatusCode.Accepted);
        await _gateway.IsSoldAsync("путь");
        var journey = await JourneyAsync("путь");
        journey.GetProperty("product_id").GetString().ShouldBe("путь");
        journey.GetProperty("accepted").GetProperty("partition").GetInt32().ShouldBe(receipt.GetProperty("partition").GetInt32());
        journey.GetProperty("accepted").GetProperty("offset").GetInt64().ShouldBe(receipt.GetProperty("offset").GetInt64());
        journey.GetProperty("verdict").GetProperty("status").GetString().ShouldBe("passed");
        journey.GetProperty("searchable").GetProperty("since").GetDateTimeOffset().ShouldBeGreaterThanOrEqualTo(journey.GetProperty("accepted").GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_banned_product_s_journey_names_the_ban_and_is_not_searchable()
    {
        await _gateway.Http.PutAsync("/banned/j-banned", Body("""{"reason":"отозван"}""")).JsonAsync(HttpStatusCode.Created);
        await _gateway.Http.SendProductsAsync(Product("j-banned")).JsonAsync(HttpStatusCode.Accepted);
        var journey = await JourneyAsync("j-banned");
        var verdict = journey.GetProperty("verdict");
        (verdict.GetProperty("status").GetString(), verdict.GetProperty("ban").GetString(), verdict.GetProperty("reason").GetString()).ShouldBe(("banned", "j-banned", "отозван"));
        verdict.GetProperty("ban_list").GetInt64().ShouldBeGreaterThan(0);
        journey.GetProperty("searchable").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task An_unknown_product_has_no_journey() =>
        await _gateway.JourneyAsync("never").ProblemAsync(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_withdrawn_product_is_gone_and_no_unban_brings_it_back()
    {
        await _gateway.Http.SendProductsAsync(Product("w")).JsonAsync(HttpStatusCode.Accepted);
        await _gateway.IsSoldAsync("w");
        await _gateway.Http.PutAsync("/banned/w", null).JsonAsync(HttpStatusCode.Created);
        await _gateway.IsNotSoldAsync("w");
        await _gateway.Http.DeleteAsync("/shop/products/w").ShouldBeAsync(HttpStatusCode.NoContent);
        await _gateway.Http.DeleteAsync("/banned/w").ShouldBeAsync(HttpStatusCode.NoContent);

        // The filter has judged all of it when it tells the journey.
        (await JourneyAsync("w")).GetProperty("verdict").GetProperty("status").GetString().ShouldBe("withdrawn");
        await Wait.UntilAsync(
            async () => (await _gateway.ReadAsync(TopicNames.FilteredProducts)).Last(r => r.Key == "w").Value is null, "the verdict is durable", () => _gateway.Written.Text);
        await _gateway.IsNotSoldAsync("w");

        await _gateway.Http.SendProductsAsync(Product("w", "снова")).JsonAsync(HttpStatusCode.Accepted);
        await _gateway.IsSoldAsync("w");
    }

    [Fact]
    public async Task Withdrawing_what_was_never_there_is_204()
    {
        await _gateway.Http.DeleteAsync("/shop/products/absent").ShouldBeAsync(HttpStatusCode.NoContent);
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).Single(r => r.Key == "absent").Value.ShouldBeNull();
    }

    [Fact]
    public async Task Withdrawing_what_no_product_can_be_called_is_refused() => await _gateway.WritesNothingAsync(async () =>
    {
        await _gateway.Http.DeleteAsync("/shop/products/rule%3Ax").ProblemAsync(HttpStatusCode.BadRequest, "product_id");
        await _gateway.Http.DeleteAsync($"/shop/products/{new string('x', 129)}").ProblemAsync(HttpStatusCode.BadRequest, "product_id");
        await _gateway.Http.DeleteAsync("/shop/products/a%0Ab").ProblemAsync(HttpStatusCode.BadRequest, "product_id");
    });

    [Fact]
    public async Task Without_the_filter_a_journey_is_503_and_not_a_wait_without_end()
    {
        await using var gateway = await fixture.StartAsync(settings: "Filter:Enabled=false");
        await gateway.Http.SendProductsAsync(Product("x")).JsonAsync(HttpStatusCode.Accepted);
        await gateway.Http.GetAsync("/shop/products/x").ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    protected Task<JsonElement> JourneyAsync(string id) => _gateway.JourneyAsync(id).JsonAsync();
}
