using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Kafka;
using Marketplace.Gateway.Mirror;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Telemetry;
using Marketplace.Recommendations;
using Marketplace.Search;

namespace Marketplace.Gateway.Hosting.Settings;

/// <summary>The gateway's settings as read and checked at the start.</summary>
public sealed record GatewaySettings
{
    public const string DefaultUrl = "http://localhost:5080";

    /// <summary>The folder that holds all state.</summary>
    public required string DataPath { get; init; }

    /// <summary>Where states are kept that only save reading the log again.</summary>
    public string SnapshotPath => Path.Combine(DataPath, "snapshots");

    /// <summary>Partitions of the topics that are split by key.</summary>
    public required int Partitions { get; init; }

    /// <summary>How long the log keeps what clients did and searched; null: for good.</summary>
    public TimeSpan? ClientRetention { get; init; }

    public required bool FilterEnabled { get; init; }

    /// <summary>Null: no mirror runs in this process.</summary>
    public MirrorSettings? Mirror { get; init; }

    public required bool SinkEnabled { get; init; }

    public required bool SearchEnabled { get; init; }

    public required bool RecommendationsEnabled { get; init; }

    public required bool AnalyticsEnabled { get; init; }

    /// <summary>What a client is shown again, and how varied a list is.</summary>
    public required RecommendationOptions Recommendations { get; init; }

    /// <summary>How search weighs what it finds, and its synonyms.</summary>
    public required SearchIndexOptions Search { get; init; }

    /// <summary>How long a search's answer can be paged through.</summary>
    public required PagingOptions Paging { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    /// <summary>The cluster of the event log; null: the log is embedded.</summary>
    public KafkaSettings? Kafka { get; init; }

    public required IReadOnlyList<ApiKey> ApiKeys { get; init; }

    /// <exception cref="StartRefusedException">A setting is unknown or impossible; the message names it and says what would be right.</exception>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        SettingsCheck.Run(configuration);
        var isKafka = "Kafka".Equals(configuration["EventLog:Provider"], StringComparison.OrdinalIgnoreCase);
        var dataPath = configuration["Data:Path"] ?? "data";
        var settings = new GatewaySettings
        {
            DataPath = dataPath,
            Partitions = configuration.GetValue("EventLog:Partitions", 6),
            ClientRetention = SettingRule.ParseDuration(configuration["EventLog:ClientRetention"]) is { } retention && retention != TimeSpan.MaxValue ? retention : null,
            FilterEnabled = configuration.GetValue("Filter:Enabled", true),
            Mirror = IsMirrorEnabled(configuration, isKafka) ? MirrorSettings.Read(configuration.GetSection("Mirror"), dataPath, isKafka) : null,
            SinkEnabled = configuration.GetValue("Sink:Enabled", !isKafka),
            SearchEnabled = configuration.GetValue("Search:Enabled", true),
            RecommendationsEnabled = configuration.GetValue("Recommendations:Enabled", true),
            AnalyticsEnabled = configuration.GetValue("Analytics:Enabled", true),
            Recommendations = ReadRecommendations(configuration.GetSection("Recommendations")),
            Search = SearchSettings.Read(configuration.GetSection("Search")),
            Paging = SearchSettings.ReadPaging(configuration.GetSection("Search:Paging")),
            Telemetry = TelemetrySettings.Read(configuration),
            ApiKeys = [.. ReadKeys(configuration.GetSection("Auth:ApiKeys"))],
        };
        return isKafka ? settings with { Kafka = KafkaSettings.Read(configuration.GetSection("Kafka"), Principal.NeededBy(settings)) } : settings;
    }

    /// <summary>A cluster has no second one unless it is named.</summary>
    private static bool IsMirrorEnabled(IConfiguration configuration, bool isKafka) =>
        configuration.GetValue("Mirror:Enabled", !isKafka || configuration.GetSection("Mirror:Target").GetChildren().Any());

    private static RecommendationOptions ReadRecommendations(IConfigurationSection section)
    {
        var otherwise = RecommendationOptions.Default;
        return otherwise with
        {
            HideSeenFor = SettingRule.ParseDuration(section["HideSeenFor"]) ?? otherwise.HideSeenFor,
            HideInCartFor = SettingRule.ParseDuration(section["HideInCartFor"]) ?? otherwise.HideInCartFor,
            HideBoughtFor = SettingRule.ParseDuration(section["HideBoughtFor"]) ?? otherwise.HideBoughtFor,
            MaxBrandShare = section.GetValue("MaxBrandShare", otherwise.MaxBrandShare),
        };
    }

    private static IEnumerable<ApiKey> ReadKeys(IConfigurationSection section)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in section.GetChildren())
        {
            var key = entry["Key"] ?? throw new StartRefusedException($"The setting '{entry.Path}:Key' is missing: it has to be the key's text.");
            if (!key.All(c => c is > ' ' and <= '~') || !seen.Add(key))
            {
                throw new StartRefusedException($"The setting '{entry.Path}:Key' is not possible: it has to be visible ASCII characters and no other entry's key.");
            }

            var roles = entry.GetSection("Roles");
            var names = (roles.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
                .Concat(roles.GetChildren().Select(role => role.Value!)).ToArray();
            if (names.Length == 0 || !names.All(Roles.TryParse))
            {
                throw new StartRefusedException($"The setting '{roles.Path}' is not possible: it has to be one or more of {string.Join(", ", Roles.All)}.");
            }

            yield return new ApiKey(key, names.Aggregate(Role.None, (all, name) => all | Roles.Parse(name)));
        }
    }
}
