using Marketplace.EventLog.Kafka.Tests;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>The one cluster of a test run.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private static readonly TimeSpan FirstLimit = TimeSpan.FromMinutes(5);

    /// <summary>Three brokers beside other tests may stand still for longer than a gateway would wait; only a hang is to fail a test.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly CommittedEnds Committed = new();
    private static Task<KafkaCluster>? _cluster;

    /// <summary>The cluster; skips the test where there is no Kafka.</summary>
    public static Task<KafkaCluster> GetAsync()
    {
        Assert.SkipWhen(_cluster is null, "KAFKA_HOME names no Kafka.");
        return _cluster!;
    }

    /// <summary>A log of its own for one principal.</summary>
    public static KafkaEventLog Open(KafkaCluster cluster, string principal, Func<KafkaLogOptions, KafkaLogOptions>? with = null, params (string Name, string Value)[] client)
    {
        var properties = cluster.ClientProperties(principal);
        foreach (var (name, value) in client)
        {
            properties[name] = value;
        }

        var options = new KafkaLogOptions { Client = properties, Principal = principal, DeliveryTimeout = Patience, TransactionTimeout = Patience, SessionTimeout = Patience };
        return new KafkaEventLog(with?.Invoke(options) ?? options, TimeProvider.System, new Random(1), Committed, NullLogger<KafkaEventLog>.Instance);
    }

    /// <summary>A cluster that does not start fails each test that needs it.</summary>
    public async ValueTask InitializeAsync()
    {
        if (KafkaCluster.Home is not null)
        {
            await Task.WhenAny(_cluster = StartAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task<KafkaCluster> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = await KafkaCluster.StartAsync("1", cancellationToken);
        try
        {
            await CommitOnceAsync(cluster, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first commit of a cluster makes its topics of positions and transactions and finds their coordinators, which may outlast a test's patience.</summary>
    private static async Task CommitOnceAsync(KafkaCluster cluster, CancellationToken cancellationToken)
    {
        await using var log = Open(cluster, "admin");
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await log.EnsureTopicsAsync([new TopicSpec("first", 1)], cancellationToken);
                    await using var writer = await log.OpenWriterAsync("first", cancellationToken);
                    var commit = new AtomicBatch();
                    commit.SetPosition("first", new TopicPartition("first", 0), new GroupPosition(1));
                    await writer.CommitAsync(commit, cancellationToken);
                    return true;
                }
                catch (LogUnavailableException)
                {
                    return false;
                }
            },
            "the first commit", FirstLimit, TimeSpan.FromMilliseconds(100), cancellationToken: cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { IsCompletedSuccessfully: true })
        {
            await (await _cluster).DisposeAsync();
        }
    }
}
