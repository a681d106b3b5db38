using System.Text.RegularExpressions;

namespace Marketplace.Testing.Kafka;

/// <summary>What <c>docker/docker-compose.yml</c> says, for tests without a container engine.</summary>
public static partial class Compose
{
    public const string AdminKey = "admin-key-of-the-test";

    /// <summary>The gateway's settings, with this machine's addresses, files and passwords in the place of the containers'.</summary>
    public static IReadOnlyList<string> GatewaySettings(KafkaCluster first, KafkaCluster second)
    {
        var lines = File.ReadLines(Repository.Path("docker/docker-compose.yml"))
            .SkipWhile(line => line != "  gateway:")
            .SkipWhile(line => line != "    environment:")
            .Skip(1)
            .TakeWhile(line => line.StartsWith("      ", StringComparison.Ordinal));
        return [.. lines.Select(line => line.Trim().Split(": ", 2)).Select(pair => (Name: pair[0].Replace("__", ":", StringComparison.Ordinal), Value: pair[1]))
            .Select(setting => $"{setting.Name}={Here(setting.Value, setting.Name.StartsWith("Mirror:Target:", StringComparison.Ordinal) ? second : first)}")];

        string Here(string value, KafkaCluster cluster) => Variable().Replace(
            Brokers().Replace(value, match => match.Groups["cluster"].Value == first.Number ? first.BootstrapServers : second.BootstrapServers)
                .Replace("/certs/ca.crt", cluster.CaFile, StringComparison.Ordinal),
            match => match.Groups["name"].Value is var name && name == "ADMIN_API_KEY" ? AdminKey : cluster.PasswordOf(name.Replace("_PASSWORD", "", StringComparison.Ordinal).ToLowerInvariant()));
    }

    [GeneratedRegex(@"kafka(?<cluster>\d)-1:9092,kafka\d-2:9092,kafka\d-3:9092")]
    private static partial Regex Brokers();

    [GeneratedRegex(@"\$\{(?<name>\w+)(:\?[^}]*)?\}")]
    private static partial Regex Variable();
}
