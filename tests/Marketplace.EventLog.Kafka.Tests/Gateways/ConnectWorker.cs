using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>A worker of Kafka Connect, started from the files of <c>docker/connect</c> with its own principal.</summary>
internal sealed class ConnectWorker(GuardedScript process, string folder, string port, string file) : IDisposable
{
    private static readonly TimeSpan SetupLimit = TimeSpan.FromMinutes(6);

    /// <param name="folder">Holds what the worker writes.</param>
    /// <param name="file">Where the sink writes.</param>
    public static ConnectWorker Start(KafkaCluster cluster, string folder, string file)
    {
        var port = $"{Ports.Free()}";
        var plugins = Directory.CreateDirectory(Path.Combine(folder, "plugins")).FullName;
        foreach (var name in new[] { "connect-file", "connect-transforms" })
        {
            File.Copy(Directory.GetFiles(Path.Combine(KafkaCluster.Home!, "libs"), $"{name}-*.jar").Single(), Path.Combine(plugins, $"{name}.jar"));
        }

        var process = GuardedScript.Start(Repository.Path("docker/connect/start-connect.sh"), folder, new Dictionary<string, string>
        {
            ["KAFKA_HOME"] = KafkaCluster.Home!,
            ["KAFKA_HEAP_OPTS"] = "-Xms64M -Xmx256M",
            ["KAFKA_JVM_PERFORMANCE_OPTS"] = KafkaCluster.BriefJava,
            ["BOOTSTRAP"] = cluster.BootstrapServers,
            ["CONNECT_PASSWORD"] = cluster.PasswordOf("connect"),
            ["BIND"] = "127.0.0.1",
            ["REST_PORT"] = port,
            ["CERTS_DIR"] = cluster.Certificates,
            ["PLUGIN_PATH"] = plugins,
            ["PROPERTIES"] = Path.Combine(folder, "connect.properties"),
        });
        return new ConnectWorker(process, folder, port, file);
    }

    /// <summary>Makes the sink's connector; returns when it runs.</summary>
    public async Task CreateConnectorAsync(CancellationToken cancellationToken)
    {
        var (code, output) = await Script.TryAsync(
            Repository.Path("docker/connect/create-connector.sh"), [], [("CONNECT_HOST", "127.0.0.1"), ("REST_PORT", port), ("FILE", file), ("TRIES", "300")], SetupLimit, cancellationToken);
        code.ShouldBe(0, $"{output}\n{string.Join('\n', File.ReadLines(GuardedScript.LogOf(folder)).TakeLast(30))}");
    }

    public void Dispose() => process.Dispose();
}
