using System.Net;
using System.Text.Json;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.Mirror.Tests.Kafka;

/// <summary>A gateway that only mirrors, as <c>docker/docker-compose.yml</c> has it: started, killed, and replaced by another of the same name.</summary>
internal sealed class MirrorProcess(TwoClusters clusters) : IAsyncDisposable
{
    private static readonly string[] OnlyMirror = ["Filter:Enabled=false", "Search:Enabled=false", "Recommendations:Enabled=false", "Analytics:Enabled=false"];

    private readonly string _data = Directory.CreateTempSubdirectory("marketplace-mirror-").FullName;
    private readonly HttpClient _http = new() { Timeout = Eventually.HangLimit, DefaultRequestHeaders = { { "X-Api-Key", Compose.AdminKey } } };
    private GatewayProcess? _current;
    private int _started;

    public string Output => _current?.Output ?? "";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = Compose.GatewaySettings(clusters.First, clusters.Second).Concat(OnlyMirror).Select(setting => $"--{setting}");
        _current = GatewayProcess.Start(Path.Combine(_data, $"{_started++}"), Ports.Free(), [.. settings]);
        return _current.WaitUntilReadyAsync(_http, Eventually.HangLimit, cancellationToken);
    }

    /// <summary><c>kill -9</c>, and another start.</summary>
    public async Task KillAsync()
    {
        await _current!.KillAsync();
        _current.Dispose();
        await StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Puts the process to sleep and hands it over; the next <see cref="StartAsync"/> starts its successor.</summary>
    public GatewayProcess PauseAndReplace()
    {
        var zombie = _current!;
        zombie.Pause();
        _current = null;
        return zombie;
    }

    public async Task<string?> StateOfAsync(GatewayProcess process, CancellationToken cancellationToken) =>
        (await StatusOfAsync(process, cancellationToken)).GetProperty("state").GetString();

    /// <summary>How many records the current process has copied.</summary>
    public async Task<long> CopiedAsync(CancellationToken cancellationToken) =>
        (await StatusOfAsync(_current!, cancellationToken)).GetProperty("topics").EnumerateArray()
        .Sum(topic => topic.GetProperty("partitions").EnumerateArray().Sum(partition => partition.GetProperty("copied").GetInt64()));

    public async Task<JsonElement> VerifyAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsync(new Uri(_current!.Url, "/mirror/verify"), null, cancellationToken);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public ValueTask DisposeAsync()
    {
        _current?.Dispose();
        _http.Dispose();
        Directory.Delete(_data, recursive: true);
        return default;
    }

    private async Task<JsonElement> StatusOfAsync(GatewayProcess process, CancellationToken cancellationToken)
    {
        try
        {
            // It has no status until its target is open.
            string? status = null;
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var answer = await _http.GetAsync(new Uri(process.Url, "/mirror"), cancellationToken);
                    status = answer.StatusCode == HttpStatusCode.ServiceUnavailable ? null : await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken);
                    return status is not null;
                },
                "the mirror to be open", Eventually.HangLimit, TimeSpan.FromMilliseconds(100), () => process.Output, cancellationToken);
            return JsonElement.Parse(status!);
        }
        catch (HttpRequestException e) when (process.HasExited)
        {
            throw new InvalidOperationException($"The mirror's process has ended with {process.ExitCode}:\n{process.Output}", e);
        }
    }
}
