using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>A TLS server (openssl's) whose certificate is signed by the authority the client trusts, and wrong all the same.</summary>
internal sealed class FalseBroker : IAsyncDisposable
{
    private readonly string _folder;
    private readonly int _port;
    private readonly Process _server;

    private FalseBroker(string folder, int port, Process server) => (_folder, _port, _server) = (folder, port, server);

    public static async Task<FalseBroker> StartAsync(string name, string days, string? names = null)
    {
        var folder = Directory.CreateTempSubdirectory("false-broker-").FullName;
        List<(string, string)> environment = [("CERT_DAYS", days)];
        if (names is not null)
        {
            environment.Add(("BROKER_NAMES", names));
        }

        await ConnectionTests.MakeCertificatesAsync(folder, name, [.. environment]);
        var port = Ports.Free();
        var start = new ProcessStartInfo("openssl", ["s_server", "-accept", $"{port}", "-cert", Path.Combine(folder, $"{name}.crt"), "-key", Path.Combine(folder, $"{name}.key"), "-quiet"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new FalseBroker(folder, port, Process.Start(start)!);
    }

    /// <summary>What a client says that connects to it.</summary>
    public async Task<string> RefusalAsync()
    {
        var options = new KafkaLogOptions
        {
            Principal = "shop_api",

            // The server may take its time to listen; a refusal ends the call at once.
            DeliveryTimeout = Eventually.HangLimit,
            Client = new Dictionary<string, string>
            {
                ["bootstrap.servers"] = $"localhost:{_port}",
                ["security.protocol"] = "SASL_SSL",
                ["sasl.mechanism"] = "PLAIN",
                ["sasl.username"] = "shop_api",
                ["sasl.password"] = "any",
                ["ssl.ca.location"] = Path.Combine(_folder, "ca.crt"),
            },
        };
        await using var log = new KafkaEventLog(options, TimeProvider.System, new Random(1), new CommittedEnds(), NullLogger<KafkaEventLog>.Instance);
        var thrown = await Should.ThrowAsync<LogUnavailableException>(
            async () => await log.GetRangeAsync(new TopicPartition("shop-products", 0), TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.HangLimit + Eventually.HangLimit));
        return thrown.Message;
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync().WaitAsync(Eventually.HangLimit);
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
