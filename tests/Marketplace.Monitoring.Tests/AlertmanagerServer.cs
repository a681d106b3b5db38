using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.Monitoring.Tests;

/// <summary>Debian's Alertmanager with the project's configuration, which sends to a webhook of the test's own.</summary>
internal sealed class AlertmanagerServer : IDisposable
{
    private const string Webhook = "http://localhost:5001/alerts";

    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-alertmanager-").FullName;
    private readonly HttpReceiver _http;
    private readonly GuardedScript _process;

    public AlertmanagerServer()
    {
        var program = Tool.Find("prometheus-alertmanager", "prometheus-alertmanager");
        _http = new HttpReceiver(ReceiveAsync);
        var hook = new Uri(_http.Address, "alerts").ToString();
        var config = File.ReadAllText(Repository.Path("prometheus/alertmanager.yml"));
        config.ShouldContain(Webhook);

        // As it is, but for the address and for how soon an end is told: a minute in production, seconds here.
        File.WriteAllText(Path.Combine(_folder, "alertmanager.yml"), config.Replace(Webhook, hook, StringComparison.Ordinal).Replace("group_interval: 1m", "group_interval: 3s", StringComparison.Ordinal));
        File.WriteAllText(
            Path.Combine(_folder, "start.sh"),
            $"exec '{program}' --config.file='{_folder}/alertmanager.yml' --storage.path='{_folder}/data' --web.listen-address={Address} --cluster.listen-address=");
        _process = GuardedScript.Start(Path.Combine(_folder, "start.sh"), _folder, []);
    }

    public string Address { get; } = $"127.0.0.1:{Ports.Free()}";

    /// <summary>What the webhook was told, in order: name, instance and <c>firing</c> or <c>resolved</c>.</summary>
    public ConcurrentQueue<(string Alert, string Instance, string Status)> Told { get; } = new();

    public void Dispose()
    {
        _process.Dispose();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ReceiveAsync(HttpListenerContext context)
    {
        using var message = await JsonDocument.ParseAsync(context.Request.InputStream);
        foreach (var alert in message.RootElement.GetProperty("alerts").EnumerateArray())
        {
            var labels = alert.GetProperty("labels");
            Told.Enqueue((labels.GetProperty("alertname").GetString()!, labels.TryGetProperty("instance", out var instance) ? instance.GetString()! : "", alert.GetProperty("status").GetString()!));
        }
    }
}
