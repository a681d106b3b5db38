using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Tests.Gateways;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Security;

/// <summary>Who is not who they say they are is refused, on both sides, and the message says why.</summary>
public sealed class ConnectionTests
{
    /// <summary>Calls are tried again for so long where they fail without being refused; nothing here gets better with time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>A refusal ends a call at once, but on a busy machine it does not come at once.</summary>
    private static readonly TimeSpan RefusalPatience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        var refused = await RefusedAsync(RefusalPatience, ("sasl.password", "wrong"));
        refused.Message.ShouldContain("name or password is wrong");
        refused.IsDenied.ShouldBeTrue("so that a command ends with its code for that");
    }

    [Fact]
    public async Task Nobody_is_refused() => (await RefusedAsync(RefusalPatience, ("sasl.username", "nobody"))).Message.ShouldContain("name or password is wrong");

    [Fact]
    public async Task A_mechanism_that_the_brokers_do_not_know_is_told_as_that() =>
        (await RefusedAsync(RefusalPatience, ("sasl.mechanism", "SCRAM-SHA-256"))).Message.ShouldContain("SASL mechanism");

    [Fact]
    public async Task A_cluster_of_another_authority_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("other-ca-").FullName;
        await MakeCertificatesAsync(folder, "other");
        (await RefusedAsync(RefusalPatience, ("ssl.ca.location", Path.Combine(folder, "ca.crt")))).Message.ShouldContain("certificate");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A call tells of TLS when all brokers have closed the connection within its time, for which busy ones may need another.</summary>
    [Theory]
    [InlineData("SASL_PLAINTEXT")]
    [InlineData("PLAINTEXT")]
    public async Task Plaintext_on_the_TLS_port_is_refused(string protocol)
    {
        var told = "";
        await FreshTopics.UntilAsync(
            async () => (told = (await RefusedAsync(Patience, ("security.protocol", protocol))).Message).Contains("TLS", StringComparison.Ordinal), "a refusal that tells of TLS",
            TestContext.Current.CancellationToken, () => told);
    }

    [Fact]
    public async Task A_topic_that_nobody_has_set_up_is_named_and_what_sets_it_up()
    {
        const string Name = "never-set-up";
        var cluster = await SharedCluster.GetAsync();
        using var admin = new AdminClientBuilder(cluster.ClientProperties("admin")).Build();
        await admin.CreateAclsAsync(
        [
            new AclBinding
            {
                Pattern = new ResourcePattern { Type = ResourceType.Topic, Name = Name, ResourcePatternType = ResourcePatternType.Literal },
                Entry = new AccessControlEntry { Principal = "User:shop_api", Host = "*", Operation = AclOperation.Describe, PermissionType = AclPermissionType.Allow },
            },
        ]);
        await using var log = SharedCluster.Open(cluster, "shop_api", options => options with { SetUpLimit = Patience });
        LogUnavailableException thrown;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        do
        {
            // A broker that does not know the ACL yet refuses the description before it comes to the topic.
            thrown = await Should.ThrowAsync<LogUnavailableException>(
                async () => await log.EnsureTopicsAsync([new TopicSpec(Name, 1)], TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.HangLimit));
        }
        while (!thrown.Message.Contains("marketplace log setup", StringComparison.Ordinal) && watch.Elapsed < Eventually.HangLimit);

        thrown.Message.ShouldContain(Name);
        thrown.Message.ShouldContain("marketplace log setup");

        // One that is being set up at that moment is waited for.
        await using var patient = SharedCluster.Open(cluster, "shop_api", options => options with { SetUpLimit = Eventually.HangLimit });
        var waiting = patient.EnsureTopicsAsync([new TopicSpec(Name, 1)], TestContext.Current.CancellationToken).AsTask();
        await using (var setup = SharedCluster.Open(cluster, "admin"))
        {
            await setup.EnsureTopicsAsync([new TopicSpec(Name, 1)], TestContext.Current.CancellationToken);
        }

        await waiting.WaitAsync(Eventually.HangLimit, TestContext.Current.CancellationToken);
        await admin.DeleteTopicsAsync([Name]);
        await admin.DeleteAclsAsync([new AclBindingFilter
        {
            PatternFilter = new ResourcePatternFilter { Type = ResourceType.Topic, Name = Name, ResourcePatternType = ResourcePatternType.Literal },
            EntryFilter = new AccessControlEntryFilter { Operation = AclOperation.Any, PermissionType = AclPermissionType.Any },
        }]);
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_named_by_its_address() =>
        (await RefusedAsync(Patience, ("bootstrap.servers", "127.0.0.1:1"))).Message.ShouldContain("127.0.0.1:1");

    [Fact]
    public async Task A_certificate_that_is_expired_or_of_another_host_is_refused()
    {
        Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
        await using var server = await FalseBroker.StartAsync("expired", days: "0");
        (await server.RefusalAsync()).ShouldContain("certificate");
        await using var other = await FalseBroker.StartAsync("other-host", days: "30", names: "DNS:elsewhere.example");
        (await other.RefusalAsync()).ShouldContain("certificate");
    }

    internal static Task MakeCertificatesAsync(string folder, string broker, params (string Name, string Value)[] environment) => Script.RunAsync(
        Repository.Path("certs/make-certs.sh"), ["--out", folder, "--brokers", broker], environment, Eventually.HangLimit, TestContext.Current.CancellationToken);

    private static async Task<LogUnavailableException> RefusedAsync(TimeSpan patience, params (string Name, string Value)[] client)
    {
        var cluster = await SharedCluster.GetAsync();
        await using var log = SharedCluster.Open(cluster, "shop_api", options => options with { DeliveryTimeout = patience }, client);
        return await Should.ThrowAsync<LogUnavailableException>(
            async () => await log.GetRangeAsync(new TopicPartition("shop-products", 0), TestContext.Current.CancellationToken).AsTask().WaitAsync(Eventually.HangLimit));
    }
}
