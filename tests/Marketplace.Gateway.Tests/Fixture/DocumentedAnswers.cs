using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>
/// Holds every answer against the gateway's own OpenAPI document: the route, the status, the media type and the shape of
/// the body have to be documented, whichever test it is that got the answer.
/// </summary>
/// <param name="variant">What makes this gateway's document differ from others'.</param>
/// <param name="log">What the gateway says of a failure.</param>
internal sealed class DocumentedAnswers(string variant, GatewayLog log) : DelegatingHandler
{
    public const string RouteHeader = "x-test-route";
    public const string TargetHeader = "x-test-target";
    private static readonly string[] Undocumented = ["/", "/openapi/{documentName}.json", "/metrics", "/mirror/{**rest}"];
    private static readonly ConcurrentDictionary<string, Task<JsonElement>> Documents = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(TargetHeader, request.RequestUri!.PathAndQuery);
        var answer = await base.SendAsync(request, cancellationToken);
        var status = (int)answer.StatusCode;
        status.ShouldNotBe(500, $"{request.Method} {request.RequestUri}\n{log.Text}");
        if (status >= 400)
        {
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", $"{request.Method} {request.RequestUri} {status}");
        }

        if (answer.Headers.TryGetValues(RouteHeader, out var routes) && !Undocumented.Contains(routes.Single()))
        {
            var document = await Documents.GetOrAdd(variant, _ => ReadDocumentAsync(request.RequestUri!));
            await CheckAsync(document, request.Method.Method, routes.Single(), answer);
        }

        return answer;
    }

    private async Task<JsonElement> ReadDocumentAsync(Uri near)
    {
        using var answer = await base.SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(near, "/openapi/v1.json")), CancellationToken.None);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    private static async Task CheckAsync(JsonElement document, string method, string route, HttpResponseMessage answer)
    {
        var what = $"{method} {route} answered {(int)answer.StatusCode}";
        var path = route.Length > 1 ? route.TrimEnd('/') : route;
        document.GetProperty("paths").TryGetProperty(path, out var item).ShouldBeTrue($"{path} is not documented");
        item.TryGetProperty(method.ToLowerInvariant(), out var operation).ShouldBeTrue($"{method} {path} is not documented");
        operation.GetProperty("responses").TryGetProperty(((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture), out var response)
            .ShouldBeTrue($"{what}, which is not documented: {await answer.Content.ReadAsStringAsync()}");

        var type = answer.Content.Headers.ContentType?.MediaType;
        if (!response.TryGetProperty("content", out var content))
        {
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty($"{what} with a body that is not documented");
            return;
        }

        content.TryGetProperty(type ?? "", out var media).ShouldBeTrue($"{what} as {type}, which is not documented");
        await answer.Content.LoadIntoBufferAsync();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        SchemaCheck.Faults(document, media.GetProperty("schema"), body.RootElement).ShouldBeEmpty($"{what} with a body other than documented: {body.RootElement}");
    }
}
