using Marketplace.Gateway.Hosting.Kafka;

namespace Marketplace.Gateway.Hosting.Settings;

/// <summary>Refuses what no setting is called and what no setting can be, in the gateway's own sections.</summary>
internal static class SettingsCheck
{
    private static readonly string[] Sections =
        ["Data", "EventLog", "Kafka", "Filter", "Mirror", "Sink", "Search", "Recommendations", "Analytics", "Auth", "Metrics", "Otlp"];

    public static readonly SettingRule[] Rules =
    [
        SettingRule.Text("Data:Path", "a folder"),
        SettingRule.OneOf("EventLog:Provider", "Embedded", "Kafka"),
        SettingRule.Whole("EventLog:Partitions", 1, 1024),
        SettingRule.Retention("EventLog:ClientRetention"),
        .. Kafka("Kafka"),
        SettingRule.Switch("Filter:Enabled"),
        SettingRule.Switch("Sink:Enabled"),
        SettingRule.Switch("Search:Enabled"),
        SettingRule.Text("Search:Synonyms", "a file"),
        SettingRule.UpToAnHour("Search:Paging:HoldFor"),
        SettingRule.Whole("Search:Paging:MaxHeld", 0, 10_000),
        .. SearchSettings.Weights.Select(weight => SettingRule.Amount($"Search:Weights:{weight}")),
        SettingRule.Switch("Recommendations:Enabled"),
        SettingRule.Duration("Recommendations:HideSeenFor"),
        SettingRule.Duration("Recommendations:HideInCartFor"),
        SettingRule.Duration("Recommendations:HideBoughtFor"),
        SettingRule.Share("Recommendations:MaxBrandShare"),
        SettingRule.Switch("Analytics:Enabled"),
        SettingRule.Switch("Mirror:Enabled"),
        SettingRule.Text("Mirror:Topics", "a list of topic names, '*' allowed"),
        SettingRule.Text("Mirror:Topics:*", "a topic name, '*' allowed"),
        SettingRule.Switch("Mirror:ActiveActive"),
        SettingRule.Whole("Mirror:MaxBytesPerSecond", 1, int.MaxValue),
        SettingRule.OneOf("Mirror:Compression", "none", "gzip", "snappy", "lz4", "zstd"),
        SettingRule.Cluster("Mirror:Source:Name"),
        SettingRule.Cluster("Mirror:Target:Name"),
        SettingRule.OneOf("Mirror:Target:Provider", "Embedded", "Kafka"),
        SettingRule.Text("Mirror:Target:Path", "a folder"),
        .. Kafka("Mirror:Target:Kafka"),
        SettingRule.Switch("Metrics:Enabled"),
        SettingRule.HttpAddress("Otlp:Endpoint"),
        SettingRule.Share("Otlp:SampleRatio"),
        SettingRule.Text("Auth:ApiKeys:*:Key", "the key's text"),
        SettingRule.Text("Auth:ApiKeys:*:Roles", "a comma list of shop, client, admin"),
        SettingRule.OneOf("Auth:ApiKeys:*:Roles:*", "shop", "client", "admin"),
    ];

    /// <exception cref="StartRefusedException">Names the first setting that is unknown or impossible.</exception>
    public static void Run(IConfiguration configuration)
    {
        foreach (var section in Sections)
        {
            foreach (var (key, value) in configuration.GetSection(section).AsEnumerable().OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                // A null value is a section, and so is an empty one with settings below it; a value of the section's own name is
                // somebody else's environment variable.
                if (value is not null && !key.Equals(section, StringComparison.OrdinalIgnoreCase)
                    && !(value.Length == 0 && configuration.GetSection(key).GetChildren().Any()))
                {
                    Check(section, key, value);
                }
            }
        }
    }

    private static void Check(string section, string key, string value)
    {
        var rule = Rules.FirstOrDefault(r => r.Matches(key));
        if (rule is null)
        {
            var known = Rules.Where(r => r.Path.StartsWith($"{section}:", StringComparison.Ordinal)).Select(r => r.Path);
            throw new StartRefusedException($"There is no setting '{key}'. The settings of {section} are: {string.Join(", ", known)}.");
        }

        if (!rule.IsPossible(value))
        {
            // A key is a secret, so is a password: they are never shown.
            var shown = key.EndsWith(":Key", StringComparison.OrdinalIgnoreCase) || key.EndsWith(":Password", StringComparison.OrdinalIgnoreCase) ? "" : $" is '{value}', which";
            throw new StartRefusedException($"The setting '{key}'{shown} is not possible: it has to be {rule.Wanted}.");
        }
    }

    private static SettingRule[] Kafka(string at) =>
    [
        SettingRule.Text($"{at}:BootstrapServers", "a comma list of host:port"),
        SettingRule.OneOf($"{at}:SecurityProtocol", "PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL", "SaslPlaintext", "SaslSsl"),
        SettingRule.OneOf($"{at}:SaslMechanism", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "ScramSha256", "ScramSha512"),
        SettingRule.Text($"{at}:SslCaLocation", "a file"),
        .. Principal.All.SelectMany(name => new[]
        {
            SettingRule.Text($"{at}:Principals:{name}:Username", "a name"),
            SettingRule.Text($"{at}:Principals:{name}:Password", "a password"),
        }),
        SettingRule.Whole($"{at}:ReplicationFactor", 1, 32),
        SettingRule.Whole($"{at}:MinInSyncReplicas", 1, 32),
        SettingRule.Any($"{at}:Client:**"),
    ];
}
