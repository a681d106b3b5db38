using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.Monitoring.Tests;

/// <summary>Debian's Prometheus with the project's configuration and rules, this machine's targets, and a second between two scrapes.</summary>
internal sealed partial class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-prometheus-").FullName;
    private readonly GuardedScript _process;
    private readonly HttpClient _http;

    private PrometheusServer(string program, IReadOnlyDictionary<string, string> targets)
    {
        var port = Ports.Free();
        var config = File.ReadAllText(Repository.Path("prometheus/prometheus.yml"))
            .Replace("15s", "1s", StringComparison.Ordinal).Replace("10s", "1s", StringComparison.Ordinal)
            .Replace("rules/*.yml", Repository.Path("prometheus/rules/*.yml"), StringComparison.Ordinal);
        foreach (var (of, at) in targets.Append(new("localhost:9090", $"127.0.0.1:{port}")))
        {
            config.ShouldContain($"\"{of}\"");
            config = config.Replace($"\"{of}\"", $"\"{at}\"", StringComparison.Ordinal);
        }

        // What runs in docker only is not there to be scraped.
        config = OtherTargets().Replace(config, "");
        File.WriteAllText(Path.Combine(_folder, "prometheus.yml"), config);
        File.WriteAllText(Path.Combine(_folder, "start.sh"), $"exec '{program}' --config.file='{_folder}/prometheus.yml' --storage.tsdb.path='{_folder}/data' --web.listen-address=127.0.0.1:{port}");
        _process = GuardedScript.Start(Path.Combine(_folder, "start.sh"), _folder, []);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    /// <param name="targets">By their names in <c>prometheus.yml</c>.</param>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyDictionary<string, string> targets, CancellationToken token)
    {
        var server = new PrometheusServer(Tool.Find("prometheus", "prometheus"), targets);
        await server.UntilAsync(async () => (await server._http.GetAsync("/-/ready", token)).IsSuccessStatusCode, "Prometheus is ready", Eventually.HangLimit, token);
        return server;
    }

    /// <summary>The values of an expression now, each with its labels.</summary>
    /// <exception cref="ShouldAssertException">Prometheus refuses the expression.</exception>
    public async Task<IReadOnlyList<(string Labels, double Value)>> QueryAsync(string expression, CancellationToken token)
    {
        using var answer = await _http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}", token);
        var text = await answer.Content.ReadAsStringAsync(token);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{expression}\n{text}");
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(series => (
            series.GetProperty("metric").GetRawText(),
            double.Parse(series.GetProperty("value")[1].GetString()!.Replace("Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture)))];
    }

    public async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan limit, CancellationToken token)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); ; await Task.Delay(Poll, token))
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"{what}: not after {limit}\n{File.ReadAllText(GuardedScript.LogOf(_folder))}");
            }
        }
    }

    [GeneratedRegex("""
        "[a-z][a-z0-9-]*:(9404|9093|5080)"(, )?
        """)]
    private static partial Regex OtherTargets();

    public void Dispose()
    {
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
