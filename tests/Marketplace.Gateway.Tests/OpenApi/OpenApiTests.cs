using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.OpenApi;

public sealed class EmbeddedOpenApiTests(EmbeddedGateway fixture) : OpenApiTests(fixture), IClassFixture<EmbeddedGateway>;

/// <summary>The document tells the truth. That every answer of every test is documented is checked where answers come in, by <see cref="DocumentedAnswers"/>.</summary>
public abstract class OpenApiTests(GatewayFixture fixture)
{
    private const string UpdateVariable = "UPDATE_OPENAPI";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly TestGateway _gateway = fixture.Gateway;

    /// <summary>To take a change knowingly: <c>UPDATE_OPENAPI=1 dotnet test --project tests/Marketplace.Gateway.Tests</c>.</summary>
    [Fact]
    public async Task The_document_is_the_one_that_was_agreed_on()
    {
        var document = JsonSerializer.Serialize(await DocumentAsync(), Indented) + "\n";
        var snapshot = Path.Combine(SourceFolder(), "openapi.v1.json");
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            await File.WriteAllTextAsync(snapshot, document);
        }

        document.ShouldBe(await File.ReadAllTextAsync(snapshot), $"a change of the document is taken with {UpdateVariable}=1");
    }

    [Fact]
    public async Task Every_route_is_documented_with_its_role()
    {
        var paths = (await DocumentAsync()).GetProperty("paths");
        var routes = _gateway.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText is not ("/" or "/metrics" or "/openapi/{documentName}.json"))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods, (e, method) => (Endpoint: e, Method: method)).ToList();
        foreach (var (endpoint, method) in routes)
        {
            var path = endpoint.RoutePattern.RawText!.TrimEnd('/');
            paths.TryGetProperty(path, out var item).ShouldBeTrue($"{path} is not documented");
            item.TryGetProperty(method.ToLowerInvariant(), out var operation).ShouldBeTrue($"{method} {path} is not documented");
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            var described = operation.TryGetProperty("parameters", out var parameters)
                ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => p.GetProperty("name").GetString()!).ToArray()
                : [];
            described.ShouldBe(endpoint.RoutePattern.Parameters.Select(p => p.Name), $"{method} {path}");
            if (endpoint.Metadata.GetMetadata<RequiredRole>() is { } required)
            {
                operation.GetProperty("security")[0].TryGetProperty("ApiKey", out _).ShouldBeTrue($"{method} {path}");
                operation.GetProperty("description").GetString()!.ShouldContain($"`{Roles.NameOf(required.Role)}`");
            }
        }

        paths.EnumerateObject().Sum(p => p.Value.EnumerateObject().Count()).ShouldBe(routes.Count, "what is documented is there");
    }

    [Fact]
    public async Task Names_are_as_on_the_wire()
    {
        var document = await DocumentAsync();
        document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .SelectMany(s => s.Value.GetProperty("properties").EnumerateObject())
            .Select(p => p.Name).ShouldAllBe(name => name == name.ToLowerInvariant());
        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("ApiKey").GetProperty("name").GetString().ShouldBe("X-Api-Key");
    }

    [Fact]
    public async Task Every_example_works_when_it_is_tried()
    {
        await _gateway.MirrorRunsAsync();
        var tried = new List<string>();
        foreach (var (path, method, operation) in Operations(await DocumentAsync()).OrderBy(o => Order(o.Path, o.Method)))
        {
            foreach (var (name, type, body) in Bodies(operation))
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), Address(path, operation)) { Content = body is null ? null : Body(body, type) };
                using var answer = await _gateway.Http.SendAsync(request);
                ((int)answer.StatusCode).ShouldBeLessThan(300, $"{method} {path} with the example '{name}': {await answer.Content.ReadAsStringAsync()}");
                tried.Add($"{method} {path} {name}");
            }

            if (method == "post" && path == "/shop/products")
            {
                await _gateway.IsSoldAsync("12345");
                await _gateway.AnswersAsync("/client/products/12345/similar", HttpStatusCode.OK);
            }
        }

        tried.ShouldContain("post /shop/products array");
        tried.ShouldContain("post /client/events lines");
        tried.ShouldContain("put /banned/{id} until");
        tried.ShouldContain("get /client/search ");
    }

    [Fact]
    public async Task The_page_is_served_and_the_root_leads_to_it()
    {
        (await _gateway.Http.GetStringAsync("/swagger/index.html")).ShouldContain("swagger-ui");
        using var root = await _gateway.Http.GetAsync("/");
        (root.StatusCode, root.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.Redirect, "/swagger"));
    }

    private async Task<JsonElement> DocumentAsync() => await _gateway.Http.GetAsync("/openapi/v1.json").JsonAsync();

    /// <summary>As one would try them: products are sent, and read; one is banned, and the bans read; it is unbanned and withdrawn.</summary>
    private static int Order(string path, string method) => method switch
    {
        "post" => 0,
        "get" when !path.StartsWith("/banned", StringComparison.Ordinal) => 1,
        "put" => 2,
        "get" => 3,
        _ => 4,
    };

    private static IEnumerable<(string Path, string Method, JsonElement Operation)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject(), (p, o) => (p.Name, o.Name, o.Value));

    private static string Address(string path, JsonElement operation)
    {
        var query = new StringBuilder();
        foreach (var parameter in operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToArray() : [])
        {
            if (parameter.TryGetProperty("example", out var example))
            {
                var (name, value) = (parameter.GetProperty("name").GetString()!, Uri.EscapeDataString(example.ToString()));
                if (parameter.GetProperty("in").GetString() == "path")
                {
                    path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
                }
                else
                {
                    query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(value);
                }
            }
        }

        return path + query;
    }

    private static IEnumerable<(string Name, string Type, string? Body)> Bodies(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            yield return ("", "", null);
            yield break;
        }

        foreach (var media in body.GetProperty("content").EnumerateObject())
        {
            foreach (var example in media.Value.GetProperty("examples").EnumerateObject())
            {
                var value = example.Value.GetProperty("value");
                yield return (example.Name, media.Name, value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
            }
        }
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
