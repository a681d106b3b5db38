using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>A gateway that runs in the test's process. Every answer that <see cref="Http"/> gets is held against the OpenAPI document.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    /// <summary>The topics that requests write to before they are answered, and nothing else does (searches leave their note later).</summary>
    private static readonly string[] Inputs =
        [TopicNames.ShopProducts, TopicNames.BannedProducts, TopicNames.ClientEvents, TopicNames.IdempotencyKeys];

    private readonly TestEngine _engine;
    private readonly bool _onKestrel;
    private readonly Action<IServiceCollection>? _services;
    private readonly string[] _settings;
    private GatewayFactory? _factory;

    private TestGateway(TestEngine engine, bool onKestrel, FakeTimeProvider? time, Action<IServiceCollection>? services, string[] settings) =>
        (_engine, _onKestrel, Time, _services, _settings) = (engine, onKestrel, time, services, settings);

    public HttpClient Http { get; private set; } = null!;

    public FakeTimeProvider? Time { get; }

    public string DataPath => _engine.DataPath;

    public string SinkFile => Path.Combine(DataPath, "filtered-products.txt");

    public IServiceProvider Services => _factory!.Services;

    public IEventLog Log => Services.GetRequiredService<IEventLog>();

    public GatewayLog Written => _factory!.Log;

    public static async Task<TestGateway> StartAsync(
        TestEngine engine, bool onKestrel, FakeTimeProvider? time, Action<IServiceCollection>? services, string[] settings)
    {
        var gateway = new TestGateway(engine, onKestrel, time, services, settings);
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>Starts again on what the last run left.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        if (_factory is { } running)
        {
            _factory = null;
            Http.Dispose();
            await running.DisposeAsync();
            await _engine.ReleasedAsync();
        }
    }

    public HttpClient ClientWithKey(string key)
    {
        var client = _factory!.NewClient(_onKestrel ? BaseAddress : null);
        client.DefaultRequestHeaders.Add(ApiKeyRing.Header, key);
        return client;
    }

    /// <summary>A client whose answers are not held against the document, for failures that it only knows as such.</summary>
    public HttpClient UncheckedClient() => _factory!.Server.CreateClient();

    public Uri BaseAddress { get; private set; } = new("http://localhost");

    public async Task<IReadOnlyList<DumpedRecord>> ReadAsync(string topic) => await LogDump.ReadAsync(Log, topic, CancellationToken.None);

    /// <summary>Runs what must not write anything, by the ends of all topics that requests write to.</summary>
    public async Task WritesNothingAsync(Func<Task> what)
    {
        var before = await EndsAsync();
        await what();
        (await EndsAsync()).ShouldBe(before);
    }

    public async Task WaitUntilReadyAsync() =>
        await Wait.UntilAsync(async () => (await Http.GetAsync("/health/ready")).IsSuccessStatusCode, "the gateway is ready", () => Written.Text);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _engine.DisposeAsync();
    }

    private async Task<IReadOnlyList<string>> EndsAsync()
    {
        var ends = new List<string>();
        foreach (var (name, topic) in await Log.DescribeTopicsAsync(CancellationToken.None))
        {
            for (var partition = 0; Inputs.Contains(name) && partition < topic.Spec.Partitions; partition++)
            {
                ends.Add($"{name}-{partition} ends at {(await Log.GetRangeAsync(new TopicPartition(name, partition), CancellationToken.None)).End}");
            }
        }

        return ends;
    }

    private async Task StartAsync()
    {
        _factory = new GatewayFactory([.. _engine.Settings, $"Data:Path={DataPath}", "Urls=http://127.0.0.1:0", .. _settings], Time, _services);
        if (_onKestrel)
        {
            _factory.UseKestrel();
            _factory.StartServer();
            BaseAddress = new Uri(Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        }

        Http = _factory.NewClient(_onKestrel ? BaseAddress : null);
        await WaitUntilReadyAsync();
    }
}
