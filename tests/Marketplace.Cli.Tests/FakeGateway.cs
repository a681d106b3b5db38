using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Marketplace.Cli.Tests;

/// <summary>Answers the requests of a sending as a test says: for what a healthy gateway does not do when asked.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeGateway(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Key, string[] Lines)> Requests { get; } = new();

    public string Url => _app.Urls.First();

    /// <param name="answer">Gets the request's number and its lines.</param>
    public static async Task<FakeGateway> StartAsync(Func<HttpContext, int, string[], Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new FakeGateway(builder.Build());
        gateway._app.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var lines = (await body.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            gateway.Requests.Enqueue((context.Request.Headers["Idempotency-Key"].ToString(), lines));
            await answer(context, gateway.Requests.Count - 1, lines);
        });
        await gateway._app.StartAsync();
        return gateway;
    }

    public static Task AcceptAsync(HttpContext context, string[] lines) => AnswerAsync(context, 202, "application/json", $$"""{"accepted":{{lines.Length}},"rejected":0,"results":[]}""");

    public static async Task AnswerAsync(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
