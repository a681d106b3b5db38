using System.Diagnostics;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Benchmarks.Kafka;

/// <summary>One broker on this machine, without security, so that what is measured is the log and not the cipher.</summary>
internal sealed class LocalBroker : IDisposable
{
    public const int Partitions = 6;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly GuardedScript _process;
    private readonly string _data;

    private LocalBroker(GuardedScript process, string address, string data) => (_process, Address, _data) = (process, address, data);

    public string Address { get; }

    public Dictionary<string, string> Client => new() { ["bootstrap.servers"] = Address };

    /// <summary>Starts a broker in the folder; null where there is no Kafka.</summary>
    public static async Task<LocalBroker?> StartAsync(string folder, CancellationToken cancellationToken)
    {
        if (KafkaCluster.Home is not { } home)
        {
            return null;
        }

        var (port, controller, data) = (Ports.Free(), Ports.Free(), Path.Combine(folder, "data"));
        var (properties, script) = (Path.Combine(folder, "server.properties"), Path.Combine(folder, "start.sh"));
        await File.WriteAllTextAsync(properties, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@localhost:{controller}
            listeners=CLIENTS://localhost:{port},CONTROLLER://localhost:{controller}
            advertised.listeners=CLIENTS://localhost:{port}
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=CLIENTS
            listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT
            log.dirs={data}
            auto.create.topics.enable=false
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            group.initial.rebalance.delay.ms=0
            log.segment.delete.delay.ms=0
            """, cancellationToken);
        await File.WriteAllTextAsync(script, $"""
            {home}/bin/kafka-storage.sh format -t "$({home}/bin/kafka-storage.sh random-uuid)" -c {properties}
            exec {home}/bin/kafka-server-start.sh {properties}
            """, cancellationToken);
        var broker = new LocalBroker(GuardedScript.Start(script, folder, []), $"localhost:{port}", data);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!await IsUpAsync(port, limit.Token))
        {
            await Task.Delay(Poll, limit.Token);
        }

        return broker;
    }

    /// <summary>The log as the gateway sees it; knows no topic yet.</summary>
    public KafkaEventLog Open() => new(
        new KafkaLogOptions { Client = Client, Principal = "benchmark", ReplicationFactor = 1, MinInSyncReplicas = 1 },
        TimeProvider.System, new Random(1), new CommittedEnds(), NullLogger<KafkaEventLog>.Instance);

    /// <summary>Makes the contract's topics anew where they are named, and forgets the filter's positions.</summary>
    public async Task EmptyAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(Client).Build();
        var names = topics.ToList();
        foreach (var topic in names)
        {
            await admin.DeleteTopicsAsync([topic]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (admin.GetMetadata(StartLimit).Topics.Exists(topic => names.Contains(topic.Topic)))
        {
            await Task.Delay(Poll, cancellationToken);
        }

        await admin.DeleteGroupsAsync([FilterService.Group]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SettleAsync(cancellationToken);
        await using var log = Open();
        await log.EnsureTopicsAsync(TopicCatalog.For(Partitions), cancellationToken);
    }

    public bool HasTopic(string topic)
    {
        using var admin = new AdminClientBuilder(Client).Build();
        return admin.GetMetadata(StartLimit).Topics.Exists(known => known.Topic == topic);
    }

    /// <summary>Deletes every topic but the broker's own.</summary>
    public async Task DeleteAllAsync(CancellationToken cancellationToken)
    {
        using var admin = new AdminClientBuilder(Client).Build();
        while (admin.GetMetadata(StartLimit).Topics.ConvertAll(topic => topic.Topic).FindAll(name => !name.StartsWith("__", StringComparison.Ordinal)) is { Count: > 0 } names)
        {
            await admin.DeleteTopicsAsync(names).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Poll, cancellationToken);
        }

        await SettleAsync(cancellationToken);
    }

    public void Dispose() => _process.Dispose();

    /// <summary>What is still to be deleted, or written to the disk, is done now, and not while the next is measured.</summary>
    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        while (Directory.EnumerateDirectories(_data, "*-delete").Any())
        {
            await Task.Delay(Poll, cancellationToken);
        }

        using var sync = Process.Start("sync");
        await sync.WaitForExitAsync(cancellationToken);
    }

    private static async Task<bool> IsUpAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
