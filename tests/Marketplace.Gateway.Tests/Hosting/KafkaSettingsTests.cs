using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Settings;
using Microsoft.Extensions.Configuration;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>The section <c>Kafka</c>: what is missing or impossible stops the start, what is there reaches the clients.</summary>
public sealed class KafkaSettingsTests
{
    private static readonly string[] Needed = ["shop_api", "client_api", "moderator", "filter"];

    [Fact]
    public void Servers_are_needed() => Refusal(("EventLog:Provider", "Kafka")).ShouldContain("'Kafka:BootstrapServers' is missing");

    [Fact]
    public void Every_part_that_runs_needs_its_password() =>
        Refusal([.. Secured().Where(setting => setting.Name != "Kafka:Principals:filter:Password")]).ShouldContain("'Kafka:Principals:filter:Password' is missing");

    [Fact]
    public void A_part_that_does_not_run_needs_none() =>
        Read([.. Secured().Where(setting => setting.Name != "Kafka:Principals:filter:Password"), ("Filter:Enabled", "false")]).Kafka!.Principals.Keys.ShouldNotContain("filter");

    [Fact]
    public void An_authority_that_is_not_there_is_refused() => Refusal([.. Secured(), ("Kafka:SslCaLocation", "/no/such/file")]).ShouldContain("'Kafka:SslCaLocation'");

    [Fact]
    public void More_replicas_in_sync_than_there_are_is_refused() =>
        Refusal([.. Secured(), ("Kafka:ReplicationFactor", "1")]).ShouldContain("'Kafka:MinInSyncReplicas' is 2");

    [Theory]
    [InlineData("acks", "1")]
    [InlineData("enable.idempotence", "false")]
    [InlineData("isolation.level", "read_uncommitted")]
    [InlineData("enable_auto_commit", "true")]
    public void What_a_guarantee_rests_on_cannot_be_set(string name, string value) =>
        Refusal([.. Secured(), ($"Kafka:Client:{name}", value)]).ShouldContain($"'Kafka:Client:{name.Replace('_', '.')}' is not possible");

    [Theory]
    [InlineData("socket.timeout.ms")]
    [InlineData("socket_timeout_ms")]
    public void Any_other_property_reaches_every_client_and_each_acts_as_its_principal(string name)
    {
        var options = Read([.. Secured(), ($"Kafka:Client:{name}", "1234")]).Kafka!.OptionsOf("moderator");
        options.Client["socket.timeout.ms"].ShouldBe("1234");
        options.Client["sasl.username"].ShouldBe("moderator");
        options.Client["sasl.password"].ShouldBe("secret-moderator");
        options.Client["security.protocol"].ShouldBe("SASL_SSL");
    }

    [Fact]
    public void A_mechanism_that_needs_more_than_a_password_is_refused() =>
        Refusal([.. Secured(), ("Kafka:SaslMechanism", "GSSAPI")]).ShouldContain("'Kafka:SaslMechanism'");

    [Fact]
    public void On_Kafka_Connect_is_the_sink() => Read(Secured()).SinkEnabled.ShouldBeFalse();

    [Fact]
    public void A_cluster_without_passwords_needs_no_principals()
    {
        var options = Read(("EventLog:Provider", "Kafka"), ("Kafka:BootstrapServers", "localhost:9092"), ("Kafka:SecurityProtocol", "PLAINTEXT")).Kafka!.OptionsOf("filter");
        options.Client.Keys.ShouldNotContain("sasl.username");
    }

    private static (string Name, string Value)[] Secured() =>
    [
        ("EventLog:Provider", "Kafka"), ("Kafka:BootstrapServers", "localhost:9092"), .. Needed.Select(name => ($"Kafka:Principals:{name}:Password", $"secret-{name}")),
    ];

    private static string Refusal(params (string Name, string Value)[] settings)
    {
        var message = Should.Throw<StartRefusedException>(() => Read(settings)).Message;
        message.ShouldNotContain("secret-");
        return message;
    }

    private static GatewaySettings Read(params (string Name, string Value)[] settings) => GatewaySettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());
}
