using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>The settings of a gateway on the test's cluster, each part with its own principal.</summary>
internal static class GatewayOnKafka
{
    public static readonly string[] Principals = ["shop_api", "client_api", "moderator", "filter", "connect"];

    public static IEnumerable<string> Settings(KafkaCluster cluster) =>
    [
        "EventLog:Provider=Kafka",
        $"Kafka:BootstrapServers={cluster.BootstrapServers}",
        "Kafka:SecurityProtocol=SASL_SSL",
        "Kafka:SaslMechanism=PLAIN",
        $"Kafka:SslCaLocation={cluster.CaFile}",
        .. Principals.SelectMany(name => new[] { $"Kafka:Principals:{name}:Username={name}", $"Kafka:Principals:{name}:Password={cluster.PasswordOf(name)}" }),
    ];

    public static GatewayProcess Start(KafkaCluster cluster, string dataPath, int port, params string[] more) =>
        GatewayProcess.Start(dataPath, port, [.. Settings(cluster).Concat(more).Select(setting => $"--{setting}")]);
}
