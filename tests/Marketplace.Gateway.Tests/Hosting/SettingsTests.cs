using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>Settings that are refused, with their name and what would be right.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Data:Pth", "x", "Data:Path")]
    [InlineData("Data:Path", " ", "a folder")]
    [InlineData("EventLog:Provider", "Rabbit", "Embedded")]
    [InlineData("Kafka:Principals:shop:Password", "geheim", "Kafka:Principals:shop_api:Password")]
    [InlineData("EventLog:Partitions", "0", "1 to 1024")]
    [InlineData("EventLog:Partitions", "1025", "1 to 1024")]
    [InlineData("EventLog:Partitions", "six", "1 to 1024")]
    [InlineData("EventLog:Partition", "6", "EventLog:Partitions")]
    [InlineData("EventLog:ClientRetention", "90", "90.00:00:00")]
    [InlineData("EventLog:ClientRetention", "12:00:00", "at least a day")]
    [InlineData("Filter:Enabled", "yes", "true or false")]
    [InlineData("Sink:Enable", "true", "Sink:Enabled")]
    [InlineData("Search:Enabled", "1", "true or false")]
    [InlineData("Search:Paging:HoldFor", "01:00:01", "00:00:00 to 01:00:00")]
    [InlineData("Search:Paging:HoldFor", "always", "00:02:00")]
    [InlineData("Search:Paging:HoldFor", "120", "00:02:00")]
    [InlineData("Search:Paging:MaxHeld", "-1", "0 to 10000")]
    [InlineData("Search:Paging:Held", "1", "Search:Paging:MaxHeld")]
    [InlineData("Recommendations:Enabled", "", "true or false")]
    [InlineData("Recommendations:HideSeenFor", "soon", "01:00:00")]
    [InlineData("Recommendations:HideBoughtFor", "-01:00:00", "always")]
    [InlineData("Recommendations:MaxBrandShare", "1.5", "0 to 1")]
    [InlineData("Recommendations:HideViewedFor", "01:00:00", "Recommendations:HideSeenFor")]
    [InlineData("Analytics:Enabled", "2", "true or false")]
    [InlineData("Mirror:Target:Provider", "File", "Embedded, Kafka")]
    [InlineData("Mirror:Source:Name", "кластер", "ASCII")]
    [InlineData("Mirror:Target:Name", "cluster1", "two names")]
    [InlineData("Mirror:MaxBytesPerSecond", "0", "1 to")]
    [InlineData("Mirror:Compression", "zstd", "embedded log compresses by itself")]
    [InlineData("Kafka:ReplicationFactor", "-1", "1 to 32")]
    [InlineData("Kafka:SecurityProtocol", "TLS", "SASL_SSL")]
    [InlineData("Auth:ApiKeys:0:Role", "shop", "Auth:ApiKeys:*:Roles")]
    [InlineData("Auth:ApiKeys:0:Roles", "shop", "Auth:ApiKeys:0:Key")]
    public void An_unknown_or_impossible_setting_is_refused(string name, string value, string right)
    {
        var refused = Should.Throw<StartRefusedException>(() => Read((name, value)));
        refused.Message.ShouldContain($"'{(name == "Auth:ApiKeys:0:Roles" ? "Auth:ApiKeys:0:Key" : name)}'");
        refused.Message.ShouldContain(right);
        refused.Message.ShouldNotContain("\n");
    }

    [Theory]
    [InlineData("shopper")]
    [InlineData("")]
    [InlineData("shop;client")]
    public void A_key_s_roles_are_checked(string roles)
    {
        var refused = Should.Throw<StartRefusedException>(() => Read(("Auth:ApiKeys:0:Key", "geheim"), ("Auth:ApiKeys:0:Roles", roles)));
        refused.Message.ShouldContain("'Auth:ApiKeys:0:Roles'");
        refused.Message.ShouldNotContain("geheim");
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ключ")]
    public void A_key_that_no_header_can_carry_is_refused_and_not_shown(string key)
    {
        var refused = Should.Throw<StartRefusedException>(() => Read(("Auth:ApiKeys:0:Key", key), ("Auth:ApiKeys:0:Roles", "shop")));
        refused.Message.ShouldContain("'Auth:ApiKeys:0:Key'");
        refused.Message.ShouldNotContain(key);
    }

    [Fact]
    public void A_key_that_is_given_twice_is_refused() => Should.Throw<StartRefusedException>(() => Read(
        ("Auth:ApiKeys:0:Key", "k"), ("Auth:ApiKeys:0:Roles", "shop"), ("Auth:ApiKeys:1:Key", "k"), ("Auth:ApiKeys:1:Roles", "admin")));

    [Fact]
    public void Without_settings_everything_runs()
    {
        var settings = Read();
        (settings.DataPath, settings.Partitions, settings.ApiKeys.Count).ShouldBe(("data", 6, 0));
        (settings.FilterEnabled, settings.SinkEnabled, settings.SearchEnabled, settings.RecommendationsEnabled).ShouldBe((true, true, true, true));
    }

    private static GatewaySettings Read(params (string Name, string Value)[] settings) => GatewaySettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
}
