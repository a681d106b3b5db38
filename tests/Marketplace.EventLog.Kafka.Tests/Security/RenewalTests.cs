using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Marketplace.EventLog.Kafka.Tests.Gateways;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary><c>certs/renew-certs.sh</c> on running brokers: each shows its new certificate, and who writes meanwhile notices nothing.</summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class RenewalTests
{
    /// <summary>More than a certificate is valid for, so that all are due.</summary>
    private const string AllAreDue = "1000";

    [Fact]
    public async Task Brokers_load_their_renewed_certificates_while_records_flow_in()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        var before = await SerialsAsync(cluster);
        await using var log = SharedCluster.Open(cluster, "admin");
        var topic = $"t-{Guid.NewGuid():N}";
        await log.EnsureTopicsAsync([new TopicSpec(topic, 6)], token);
        using var stop = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; written++)
            {
                await log.AppendAsync(topic, new LogRecord { Key = Encoding.UTF8.GetBytes($"{written}"), Value = new byte[] { 1 } }, token);
            }
        }, token);

        var names = cluster.All.Select(broker => $"kafka{cluster.Number}-{broker.NodeId}").ToArray();
        await Script.RunAsync(
            Repository.Path("certs/renew-certs.sh"),
            ["--out", cluster.Certificates, "--brokers", string.Join(' ', names), "--", cluster.BootstrapServers,
                .. cluster.All.Select(broker => $"{broker.NodeId}=kafka{cluster.Number}-{broker.NodeId}")],
            [("RENEW_DAYS", AllAreDue), ("KAFKA_HOME", KafkaCluster.Home!), ("KAFKA_JVM_PERFORMANCE_OPTS", KafkaCluster.BriefJava), ("CERTS_DIR", cluster.Certificates)], Eventually.HangLimit, token);
        await FreshTopics.UntilAsync(async () => !(await SerialsAsync(cluster)).Intersect(before).Any(), "the new certificates", token);

        // New connections are made with them, by clients and between brokers.
        await using var later = SharedCluster.Open(cluster, "admin");
        await later.AppendAsync(topic, new LogRecord { Key = "x"u8.ToArray(), Value = "y"u8.ToArray() }, token);
        await stop.CancelAsync();
        await writing;
        written.ShouldBeGreaterThan(0);
    }

    private static async Task<string[]> SerialsAsync(KafkaCluster cluster)
    {
        var serials = new List<string>();
        foreach (var port in cluster.All.Select(broker => int.Parse(broker.Address.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture)))
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("localhost", port, TestContext.Current.CancellationToken);
            var serial = "";
            using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
            {
                serial = ((X509Certificate2)certificate!).SerialNumber;
                return true;
            });
            await tls.AuthenticateAsClientAsync("localhost");
            serials.Add(serial);
        }

        return [.. serials];
    }
}
