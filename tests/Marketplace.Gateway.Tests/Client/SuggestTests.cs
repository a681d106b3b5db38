using System.Net;
using Marketplace.Gateway.Tests.Fixture;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Client;

public sealed class EmbeddedSuggestTests(EmbeddedGateway fixture) : SuggestTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary>What clients searched is suggested to others, as long as it finds something.</summary>
public abstract class SuggestTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task What_one_client_searched_and_found_is_suggested_to_another_until_it_is_banned()
    {
        await _gateway.Http.SendProductsAsync(Product("suggested", "Телескоп зеркальный")).JsonAsync(HttpStatusCode.Accepted);
        await Wait.UntilAsync(async () => (await TextAsync("/client/search?q=телескоп%20зеркальный&user_id=u1")).Contains("suggested", StringComparison.Ordinal), "found");
        await TextAsync("/client/search?q=телескоп%20надувной%20жираф&user_id=u1");
        await SuggestsAsync("телескоп зеркальный", true);
        await SuggestsAsync("телескоп надувной жираф", false);

        await _gateway.RestartAsync();
        await _gateway.WaitUntilReadyAsync();
        await SuggestsAsync("телескоп зеркальный", true);

        await _gateway.Http.PutAsync("/banned/suggested", Body("{}")).JsonAsync(HttpStatusCode.Created);
        await SuggestsAsync("телескоп зеркальный", false);
    }

    private async Task SuggestsAsync(string query, bool suggested) => await Wait.UntilAsync(
        async () => (await TextAsync("/client/suggest?q=телеск")).Contains($"\"text\":\"{query}\",\"kind\":\"query\"", StringComparison.Ordinal) == suggested,
        $"'{query}' is suggested: {suggested}");

    private Task<string> TextAsync(string path) => _gateway.Http.GetStringAsync(path);
}
