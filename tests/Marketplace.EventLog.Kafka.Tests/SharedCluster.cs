using Marketplace.EventLog.Kafka.Tests;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(SharedCluster))]

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>The one cluster of a test run, started by the first test that needs it.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private static readonly SemaphoreSlim Turn = new(1);
    private static readonly CommittedEnds Committed = new();
    private static KafkaCluster? _cluster;
    private static Exception? _fault;

    /// <summary>The cluster; skips the test where there is no Kafka.</summary>
    public static async Task<KafkaCluster> GetAsync()
    {
        Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_fault is not null)
            {
                throw new InvalidOperationException("The cluster did not start.", _fault);
            }

            return _cluster ??= await KafkaCluster.StartAsync("1", TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (_fault is null)
        {
            _fault = e;
            throw;
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <summary>A log of its own for one principal.</summary>
    public static KafkaEventLog Open(KafkaCluster cluster, string principal, Func<KafkaLogOptions, KafkaLogOptions>? with = null, params (string Name, string Value)[] client)
    {
        var properties = cluster.ClientProperties(principal);
        foreach (var (name, value) in client)
        {
            properties[name] = value;
        }

        var options = new KafkaLogOptions { Client = properties, Principal = principal };
        return new KafkaEventLog(with?.Invoke(options) ?? options, TimeProvider.System, new Random(1), Committed, NullLogger<KafkaEventLog>.Instance);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
