using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>What tests send and how they read answers.</summary>
internal static class Answers
{
    public const string Json = "application/json";
    public const string Ndjson = "application/x-ndjson";

    public static HttpContent Body(string text, string type = Json) => Body(Encoding.UTF8.GetBytes(text), type);

    public static HttpContent Body(byte[] bytes, string type = Json)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    public static Task<HttpResponseMessage> SendProductsAsync(this HttpClient http, string text, string type = Json, string? key = null) =>
        http.SendAsync(Request(HttpMethod.Post, "/shop/products", Body(text, type), key));

    public static HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body = null, string? key = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = body };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return request;
    }

    public static string Product(string id, string name = "Товар") => JsonSerializer.Serialize(new { product_id = id, name });

    public static string At(string prefix, string id, string suffix = "") => $"{prefix}/{Uri.EscapeDataString(id)}{suffix}";

    public static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await sending;
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary>A problem of this status whose errors name exactly these fields.</summary>
    public static async Task<JsonElement> ProblemAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status, params string[] fields)
    {
        var problem = await sending.JsonAsync(status);
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        Fields(problem).ShouldBe(fields, ignoreOrder: true, problem.ToString());
        return problem;
    }

    public static async Task ShouldBeAsync(this Task<HttpResponseMessage> sending, HttpStatusCode status)
    {
        using var answer = await sending;
        answer.StatusCode.ShouldBe(status, await answer.Content.ReadAsStringAsync());
    }

    public static IEnumerable<string> Fields(JsonElement problem) =>
        problem.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Select(e => e.Name) : [];

    public static Task IsSoldAsync(this TestGateway gateway, string id) => gateway.AnswersAsync(At("/client/products", id), HttpStatusCode.OK);

    public static Task IsNotSoldAsync(this TestGateway gateway, string id) => gateway.AnswersAsync(At("/client/products", id), HttpStatusCode.NotFound);

    /// <summary>Asks again while the filter has not judged all that was sent before, which on a busy machine takes longer than the gateway waits.</summary>
    public static async Task<HttpResponseMessage> JourneyAsync(this TestGateway gateway, string id)
    {
        HttpResponseMessage? answer = null;
        await Wait.UntilAsync(
            async () => (answer = await gateway.Http.GetAsync(At("/shop/products", id))).StatusCode != HttpStatusCode.ServiceUnavailable, $"the filter knows {id}", () => gateway.Written.Text);
        return answer!;
    }

    /// <summary>The mirror is not open yet when the gateway is ready: it keeps nobody waiting.</summary>
    public static Task MirrorRunsAsync(this TestGateway gateway) => Wait.UntilAsync(
        async () =>
        {
            using var answer = await gateway.Http.GetAsync("/mirror");
            return answer.StatusCode == HttpStatusCode.OK && JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("state").GetString() == "running";
        },
        "the mirror runs",
        () => gateway.Written.Text);

    public static async Task AnswersAsync(this TestGateway gateway, string path, HttpStatusCode status)
    {
        var last = default(HttpStatusCode);
        await Wait.UntilAsync(async () => (last = (await gateway.Http.GetAsync(path)).StatusCode) == status, $"GET {path} answers {status}", () => $"{last}\n{gateway.Written.Text}");
    }
}
