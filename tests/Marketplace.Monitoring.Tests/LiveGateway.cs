using System.Diagnostics;
using System.Globalization;
using System.Text;
using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary>A gateway on the embedded log, in a process of its own, that sends traces and metrics to the tests' receiver.</summary>
[CollectionDefinition(Name)]
public sealed class LiveGateway : IAsyncLifetime, ICollectionFixture<LiveGateway>
{
    public const string Name = "live gateway";
    private const string Product = "telemetry-";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly string _data = Directory.CreateTempSubdirectory("marketplace-monitoring-").FullName;
    private GatewayProcess? _process;
    private int _round;

    public HttpClient Http { get; private set; } = null!;

    internal OtlpReceiver Receiver { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _process = GatewayProcess.Start(_data, Ports.Free(), $"--Otlp:Endpoint={Receiver.Endpoint}");
        Http = new HttpClient { BaseAddress = _process.Url };
        await _process.WaitUntilReadyAsync(Http, Eventually.HangLimit, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        try
        {
            await _process!.StopAsync(TimeSpan.FromSeconds(60));
        }
        finally
        {
            _process!.Dispose();
            Receiver.Dispose();
            Directory.Delete(_data, recursive: true);
        }
    }

    public async Task PostAsync(string route, string body, CancellationToken token, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await Http.PostAsync(route, content, token);
        ((int)answer.StatusCode).ShouldBeLessThan(500, await answer.Content.ReadAsStringAsync(token));
    }

    /// <summary>A little of everything that a marketplace does: products good and bad, searches, events, bans, recommendations.</summary>
    public async Task WithTrafficAsync(CancellationToken token)
    {
        var round = Interlocked.Increment(ref _round);
        var ids = Enumerable.Range(0, 5).Select(n => $"{Product}{round}-{n}").ToArray();
        await PostAsync("/shop/products", $"[{string.Join(',', ids.Select(id => $$"""{"product_id":"{{id}}","name":"Умные часы {{id}}","category":"часы"}"""))}]", token);
        await PostAsync("/shop/products", """{"name":"без номера"}""", token);
        foreach (var id in ids)
        {
            await UntilAsync(async () => (await Http.GetAsync($"/client/products/{id}", token)).IsSuccessStatusCode, $"{id} can be found", token);
        }

        foreach (var type in new[] { "view", "add_to_cart", "purchase" })
        {
            await PostAsync("/client/events", string.Join('\n', ids.Select(id => $$"""{"event_id":"{{type}}-{{id}}","type":"{{type}}","user_id":"u{{round}}","product_id":"{{id}}","occurred_at":"2026-01-31T12:00:00Z"}""")), token, "application/x-ndjson");
        }

        foreach (var query in new[] { "умные часы", "нетакоготовара", "часы" })
        {
            (await Http.GetAsync($"/client/search?q={Uri.EscapeDataString(query)}", token)).EnsureSuccessStatusCode();
        }

        (await Http.PutAsync($"/banned/{ids[0]}", null, token)).EnsureSuccessStatusCode();
        (await Http.GetAsync($"/client/recommendations/u{round}", token)).EnsureSuccessStatusCode();
        (await Http.GetAsync("/client/recommendations/stranger", token)).EnsureSuccessStatusCode();
        await Http.GetAsync("/client/products/unknown", token);
    }

    /// <summary>The lines of <c>/metrics</c>, each by what stands before its value.</summary>
    public async Task<Dictionary<string, double>> SamplesAsync(CancellationToken token) =>
        (await Http.GetStringAsync("/metrics", token)).Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToDictionary(
            line => line[..line.LastIndexOf(' ')],
            line => double.Parse(line[(line.LastIndexOf(' ') + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture));

    public async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken token)
    {
        for (var watch = Stopwatch.StartNew(); !await condition();)
        {
            watch.Elapsed.ShouldBeLessThan(Eventually.HangLimit, $"{what}\n{_process!.Output}");
            await Task.Delay(Poll, token);
        }
    }
}
