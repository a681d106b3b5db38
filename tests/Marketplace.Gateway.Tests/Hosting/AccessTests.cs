using System.Net;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Hosting;

public sealed class EmbeddedAccessTests(EmbeddedGateway fixture) : AccessTests(fixture), IClassFixture<EmbeddedGateway>;

public abstract class AccessTests(GatewayFixture fixture)
{
    private static readonly string[] Keys =
    [
        "Auth:ApiKeys:0:Key=shop-key", "Auth:ApiKeys:0:Roles=shop",
        "Auth:ApiKeys:1:Key=client-key", "Auth:ApiKeys:1:Roles:0=client",
        "Auth:ApiKeys:2:Key=admin-key", "Auth:ApiKeys:2:Roles=admin",
        "Auth:ApiKeys:3:Key=both-key", "Auth:ApiKeys:3:Roles=Shop, client",
    ];

    private static readonly (string Key, Role Roles)[] Holders =
        [("shop-key", Role.Shop), ("client-key", Role.Client), ("admin-key", Role.Shop | Role.Client | Role.Admin), ("both-key", Role.Shop | Role.Client)];

    [Fact]
    public async Task A_key_opens_the_routes_of_its_roles_and_admin_s_opens_all()
    {
        await using var gateway = await fixture.StartAsync(settings: Keys);
        var routes = gateway.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<RequiredRole>() is not null).ToList();
        routes.Count.ShouldBeGreaterThan(10);
        await gateway.WritesNothingAsync(() => EveryRouteAsync(gateway.Http, routes, _ => HttpStatusCode.Unauthorized));
        using (var unknown = gateway.ClientWithKey("shop-keY"))
        {
            await gateway.WritesNothingAsync(() => EveryRouteAsync(unknown, routes, _ => HttpStatusCode.Unauthorized));
        }

        foreach (var (key, roles) in Holders)
        {
            using var client = gateway.ClientWithKey(key);
            await EveryRouteAsync(client, routes, role => (roles & role) != 0 ? null : HttpStatusCode.Forbidden);
        }

        gateway.Written.Text.ShouldNotContain("shop-key", Case.Insensitive, "a key is a secret");
    }

    [Fact]
    public async Task Health_document_and_page_need_no_key_and_a_refusal_names_the_header()
    {
        await using var gateway = await fixture.StartAsync(settings: Keys);
        await gateway.Http.GetAsync("/health/live").JsonAsync();
        await gateway.Http.GetAsync("/health/ready").JsonAsync();
        await gateway.Http.GetAsync("/openapi/v1.json").JsonAsync();
        await gateway.Http.GetAsync("/swagger/index.html").ShouldBeAsync(HttpStatusCode.OK);
        using var answer = await gateway.Http.GetAsync("/client/search");
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("ApiKey");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("X-Api-Key");
    }

    [Fact]
    public async Task An_idempotency_key_is_its_holder_s_own()
    {
        await using var gateway = await fixture.StartAsync(settings: Keys);
        foreach (var holder in (string[])["shop-key", "admin-key"])
        {
            using var client = gateway.ClientWithKey(holder);
            await client.SendProductsAsync(Product(holder), key: "the same").JsonAsync(HttpStatusCode.BadRequest);
            await client.SendProductsAsync(Product(holder), key: "the-same").JsonAsync(HttpStatusCode.Accepted);
        }

        (await gateway.ReadAsync(TopicNames.ShopProducts)).Select(r => r.Key).ShouldBe(["shop-key", "admin-key"], ignoreOrder: true);
    }

    /// <param name="refused">The status a role's routes answer; null: anything but 401 and 403.</param>
    private static async Task EveryRouteAsync(HttpClient http, IEnumerable<RouteEndpoint> routes, Func<Role, HttpStatusCode?> refused)
    {
        foreach (var route in routes)
        {
            var path = route.RoutePattern.RawText!.Replace("{id}", "x", StringComparison.Ordinal).Replace("{user_id}", "x", StringComparison.Ordinal);
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
                if (refused(route.Metadata.GetMetadata<RequiredRole>()!.Role) is { } status)
                {
                    answer.StatusCode.ShouldBe(status, $"{method} {path}");
                }
                else
                {
                    ((int)answer.StatusCode).ShouldNotBeInRange(401, 403, $"{method} {path}");
                }
            }
        }
    }
}
