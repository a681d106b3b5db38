using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.Mirror;
using Marketplace.Gateway.Topics;
using Marketplace.Mirror;
using Microsoft.Extensions.Configuration;

namespace Marketplace.Gateway.Tests.Mirror;

/// <summary>The section <c>Mirror</c>, and the settings that a promotion prints: added to those of the first gateway they start the next one on the copy.</summary>
public sealed class MirrorSettingsTests : IDisposable
{
    private static readonly string[] Principals = ["shop_api", "client_api", "moderator", "filter", "mirror"];

    private readonly string _authority = Path.GetTempFileName();

    [Fact]
    public void A_gateway_promoted_to_a_cluster_reaches_it_as_the_mirror_did_and_mirrors_nothing()
    {
        Setting[] first =
        [
            new("EventLog:Provider", "Kafka"), new("Kafka:BootstrapServers", "one:9092"),
            .. Principals.Select(name => new Setting($"Kafka:Principals:{name}:Password", $"secret-{name}")),
            new("Mirror:Target:Kafka:BootstrapServers", "two:9092"), new("Mirror:Target:Kafka:SecurityProtocol", "SaslPlaintext"),
            new("Mirror:Target:Kafka:SaslMechanism", "ScramSha512"), new("Mirror:Target:Kafka:SslCaLocation", _authority),
            new("Mirror:Target:Kafka:ReplicationFactor", "1"), new("Mirror:Target:Kafka:MinInSyncReplicas", "1"),
            new("Mirror:Target:Kafka:Principals:mirror:Password", "secret-mirror"),
        ];
        var target = Read(first).Mirror!.TargetKafka!;

        var printed = Printed(first);
        var next = Read([.. first, .. printed]);
        next.Mirror.ShouldBeNull();
        next.Kafka!.Client.ShouldBe(target.Client, ignoreOrder: true);
        (next.Kafka.ReplicationFactor, next.Kafka.MinInSyncReplicas).ShouldBe((1, 1));
        printed.ShouldAllBe(setting => !setting.Value.Contains("secret"));
    }

    [Theory]
    [InlineData("Embedded")]
    [InlineData("Kafka")]
    public void A_gateway_promoted_to_a_folder_that_was_set_serves_from_it_and_begins_the_next_copy(string provider)
    {
        Setting[] first =
        [
            new("EventLog:Provider", provider), new("Data:Path", "first"), new("Mirror:Target:Provider", "Embedded"), new("Mirror:Target:Path", "second"), new("Kafka:BootstrapServers", "one:9092"),
            .. Principals.Select(name => new Setting($"Kafka:Principals:{name}:Password", $"secret-{name}")),
        ];
        var next = Read([.. first, .. Printed(first)]);
        next.Kafka.ShouldBeNull();
        next.DataPath.ShouldBe("second");
        next.Mirror!.TargetPath.ShouldBe(Path.Combine("second", "mirror"));
        (next.Mirror.Options.Source, next.Mirror.Options.Target).ShouldBe(("cluster2", "cluster1"));
    }

    [Fact]
    public void Of_the_compacted_topics_the_filters_progress_has_no_tombstones() => Read([]).Mirror!.Options.WithoutTombstones.ShouldBe([TopicNames.FilterProgress]);

    public void Dispose() => File.Delete(_authority);

    private static Setting[] Printed(Setting[] settings) =>
    [
        .. PromotionAnswer.Of(new PromotionReport(true, [], [], []), Read(settings).Mirror!).Settings.Select(setting => setting.Split('=', 2)).Select(pair => new Setting(pair[0], pair[1])),
    ];

    private static GatewaySettings Read(Setting[] settings)
    {
        // The later of two of one name holds, as on a command line.
        var last = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in settings)
        {
            last[name] = value;
        }

        return GatewaySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(last).Build());
    }

    private sealed record Setting(string Name, string Value);
}
