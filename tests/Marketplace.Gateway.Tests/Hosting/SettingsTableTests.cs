using System.Globalization;
using System.Text.Json;
using Marketplace.Gateway.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>The README's tables name every setting there is and none that is not, with the defaults that hold, and each has an effect.</summary>
public sealed class SettingsTableTests
{
    private static readonly JsonSerializerOptions Whole = new() { IncludeFields = true };

    private static readonly (string, string?)[] OnKafka =
    [
        ("EventLog:Provider", "Kafka"), ("Kafka:BootstrapServers", "localhost:9092"), ("Sink:Enabled", "true"),
        ("Mirror:Target:Kafka:BootstrapServers", "localhost:9093"), ("Mirror:Target:Kafka:SecurityProtocol", "PLAINTEXT"),
        .. new[] { "shop_api", "client_api", "moderator", "filter", "mirror", "connect" }.Select(name => ($"Kafka:Principals:{name}:Password", (string?)"geheim")),
    ];

    private static IReadOnlyList<(string Path, string? Default)> Listed { get; } = [.. SettingsTable.Read().Where(entry => entry.Path != "Urls")];

    public static TheoryData<string, string> Defaults => [.. Listed.Where(entry => entry.Default is not null).Select(entry => (entry.Path, entry.Default!))];

    public static TheoryData<string> Concrete => [.. Listed.Select(entry => entry.Path).Where(path => !path.Contains('*', StringComparison.Ordinal) && OtherThan(path) is not null)];

    [Fact]
    public void Every_setting_is_listed() =>
        SettingsCheck.Rules.Select(rule => rule.Path).Where(path => !Listed.Any(entry => Covers(entry.Path, path))).ShouldBeEmpty();

    [Fact]
    public void Every_listed_setting_exists() =>
        Listed.Select(entry => entry.Path).Where(path => !SettingsCheck.Rules.Any(rule => Covers(path, rule.Path))).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Defaults))]
    public void A_setting_s_default_is_the_listed_one(string path, string value) => Read(path, value).ShouldBe(Read(path, null));

    [Theory]
    [MemberData(nameof(Concrete))]
    public void A_listed_setting_has_an_effect(string path) => Read(path, OtherThan(path)).ShouldNotBe(Read(path, null));

    private static bool Covers(string listed, string rule) =>
        listed == rule || rule == $"{listed}:*" || (listed.EndsWith(":*", StringComparison.Ordinal) && rule.StartsWith(listed[..^1], StringComparison.Ordinal));

    /// <summary>What is possible there and no default; null where that takes more than a value.</summary>
    private static string? OtherThan(string path)
    {
        var rule = SettingsCheck.Rules.FirstOrDefault(rule => rule.Path == path);
        var isOn = path == "Mirror:ActiveActive" ? "true" : "false";
        return path is "Search:Synonyms" or "Kafka:SslCaLocation" or "Mirror:Compression" or "Mirror:Target:Provider" ? null
            : path == "Kafka:MinInSyncReplicas" ? "1"
            : new[] { isOn, "Kafka", "SASL_PLAINTEXT", "SCRAM-SHA-256", "00:30:00", "7.7", "0.25", "7", "http://localhost:4318", "other" }.FirstOrDefault(value => rule?.IsPossible(value) == true);
    }

    /// <summary>All that the gateway takes from its settings, as text.</summary>
    private static string Read(string path, string? value)
    {
        var isOnKafka = path.StartsWith("Kafka:", StringComparison.Ordinal) || value == "Kafka";
        var given = (isOnKafka ? OnKafka : []).Where(entry => path != "EventLog:Provider" || value is not null).Concat(value is null ? [] : [(path, value)])
            .GroupBy(entry => entry.Item1).Select(same => KeyValuePair.Create(same.Key, same.Last().Item2));
        return string.Create(CultureInfo.InvariantCulture, $"{JsonSerializer.Serialize(GatewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(given).Build()), Whole)}");
    }
}
