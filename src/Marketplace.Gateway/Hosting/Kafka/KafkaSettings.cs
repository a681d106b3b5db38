using Marketplace.EventLog;
using Marketplace.EventLog.Kafka;

namespace Marketplace.Gateway.Hosting.Kafka;

/// <summary>The section <c>Kafka</c>: where the cluster is and who acts on it.</summary>
public sealed record KafkaSettings
{
    private const string ServersSetting = "BootstrapServers";
    private const string Username = "Username";
    private const string Password = "Password";

    /// <summary>Where these settings stand, for messages: <c>Kafka</c> or another section that is built like it.</summary>
    public required string Section { get; init; }

    public required int ReplicationFactor { get; init; }

    public required int MinInSyncReplicas { get; init; }

    /// <summary>librdkafka's properties of all clients.</summary>
    public required IReadOnlyDictionary<string, string> Client { get; init; }

    /// <summary>Name and password by principal; empty where the cluster asks for none.</summary>
    public required IReadOnlyDictionary<string, (string Username, string Password)> Principals { get; init; }

    /// <param name="section"><c>Kafka</c>, or another that is built like it.</param>
    /// <param name="needed">The principals of the parts that run in this process.</param>
    /// <exception cref="StartRefusedException">Something is missing or impossible; the message names it and says what would be right.</exception>
    public static KafkaSettings Read(IConfigurationSection section, IEnumerable<string> needed)
    {
        var servers = section[ServersSetting] ?? throw new StartRefusedException($"The setting '{section.Path}:{ServersSetting}' is missing: it has to be a comma list of host:port.");
        var client = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in section.GetSection("Client").AsEnumerable(makePathsRelative: true))
        {
            if (value is not null)
            {
                // A property's dots survive in the command line and in files; an environment variable may bring underscores.
                client[key.Replace('_', '.')] = value;
            }
        }

        foreach (var name in client.Keys.Where(KafkaLogOptions.Reserved.Contains))
        {
            throw new StartRefusedException($"The setting '{section.Path}:Client:{name}' is not possible: the gateway's guarantees rest on it, so it has to be left out.");
        }

        var protocol = Protocol(section["SecurityProtocol"] ?? "SASL_SSL");
        client["bootstrap.servers"] = servers;
        client["security.protocol"] = protocol;
        if (section["SslCaLocation"] is { } authority)
        {
            client["ssl.ca.location"] = File.Exists(authority)
                ? authority
                : throw new StartRefusedException($"The setting '{section.Path}:SslCaLocation' is '{authority}', which is not there: it has to be the file of the cluster's certificate authority.");
        }

        var hasPasswords = protocol.StartsWith("SASL", StringComparison.Ordinal);
        if (hasPasswords)
        {
            client["sasl.mechanism"] = Mechanism(section["SaslMechanism"] ?? "PLAIN");
        }

        var (copies, inSync) = (section.GetValue("ReplicationFactor", 3), section.GetValue("MinInSyncReplicas", 2));
        return new KafkaSettings
        {
            Section = section.Path,
            ReplicationFactor = copies,
            MinInSyncReplicas = inSync <= copies
                ? inSync
                : throw new StartRefusedException($"The setting '{section.Path}:MinInSyncReplicas' is {inSync}, which is not possible: it has to be at most '{section.Path}:ReplicationFactor', {copies}."),
            Client = client,
            Principals = hasPasswords ? needed.ToDictionary(principal => principal, principal => Credentials(section, principal)) : new Dictionary<string, (string, string)>(),
        };
    }

    /// <summary>Why the cluster cannot be used, with where that is set.</summary>
    public StartRefusedException Refusal(EventLogException reason) => new(
        $"The cluster of '{Section}:{ServersSetting}', {Client["bootstrap.servers"]}, cannot be used with the settings in '{Section}': {reason.Message}");

    /// <summary>The same with one more property of the clients, if it has a value.</summary>
    public KafkaSettings WithClient(string name, string? value) =>
        value is null ? this : this with { Client = new Dictionary<string, string>(Client, StringComparer.OrdinalIgnoreCase) { [name] = value } };

    /// <summary>The settings by which a section reaches the same cluster, each as <c>name=value</c>; without principals and <c>Client</c>, where secrets may be.</summary>
    public IEnumerable<string> ToReach(string section) =>
        new (string Name, string? Value)[]
        {
            (ServersSetting, Client["bootstrap.servers"]),
            ("SecurityProtocol", Client["security.protocol"]),
            ("SaslMechanism", Client.GetValueOrDefault("sasl.mechanism")),
            ("SslCaLocation", Client.GetValueOrDefault("ssl.ca.location")),
            ("ReplicationFactor", $"{ReplicationFactor}"),
            ("MinInSyncReplicas", $"{MinInSyncReplicas}"),
        }.Where(setting => setting.Value is not null).Select(setting => $"{section}:{setting.Name}={setting.Value}");

    /// <summary>How a principal connects.</summary>
    public KafkaLogOptions OptionsOf(string principal)
    {
        var client = new Dictionary<string, string>(Client, StringComparer.OrdinalIgnoreCase);
        if (Principals.TryGetValue(principal, out var credentials))
        {
            (client["sasl.username"], client["sasl.password"]) = credentials;
        }

        return new KafkaLogOptions { Principal = principal, Client = client, ReplicationFactor = ReplicationFactor, MinInSyncReplicas = MinInSyncReplicas };
    }

    private static (string, string) Credentials(IConfigurationSection section, string principal)
    {
        var entry = section.GetSection($"Principals:{principal}");
        return (
            entry[Username] ?? principal,
            entry[Password] ?? throw new StartRefusedException($"The setting '{entry.Path}:{Password}' is missing: a part of this process acts as '{principal}', so it has to be that principal's password."));
    }

    private static string Protocol(string value) => value.ToUpperInvariant() switch
    {
        "SASLSSL" => "SASL_SSL",
        "SASLPLAINTEXT" => "SASL_PLAINTEXT",
        var known => known,
    };

    private static string Mechanism(string value) => value.ToUpperInvariant() switch
    {
        "SCRAMSHA256" => "SCRAM-SHA-256",
        "SCRAMSHA512" => "SCRAM-SHA-512",
        var known => known,
    };
}
