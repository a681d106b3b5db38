using Marketplace.EventLog.Kafka;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Mirror.Tests.Kafka;

/// <summary>
/// Two secured clusters of three brokers. They take a minute to start on a small machine and more than a gigabyte of memory, so most tests
/// on them run when they are asked for: <c>MIRROR_KAFKA=1</c>.
/// </summary>
public sealed class TwoClusters : IAsyncDisposable
{
    private const string Variable = "MIRROR_KAFKA";
    private readonly KafkaCluster _one;
    private readonly KafkaCluster _two;

    private TwoClusters(KafkaCluster one, KafkaCluster two) => (_one, _two) = (one, two);

    public static async Task<TwoClusters> StartAsync(CancellationToken cancellationToken, bool audited = false, bool hasNetwork = false)
    {
        var one = await KafkaCluster.StartAsync("1", cancellationToken, audited: audited, hasNetwork: hasNetwork);
        try
        {
            return new TwoClusters(one, await KafkaCluster.StartAsync("2", cancellationToken, audited: audited, hasNetwork: hasNetwork));
        }
        catch
        {
            await one.DisposeAsync();
            throw;
        }
    }

    public static void SkipUnlessAsked()
    {
        Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Variable) is null, $"{Variable} asks for the mirror's tests on two clusters.");
    }

    public KafkaEventLog One(string principal) => Open(_one, principal);

    public KafkaEventLog Two(string principal) => Open(_two, principal);

    public static KafkaEventLog Open(KafkaCluster cluster, string principal) => new(
        new KafkaLogOptions { Client = cluster.ClientProperties(principal), Principal = principal }, TimeProvider.System, new Random(1), new CommittedEnds(), NullLogger<KafkaEventLog>.Instance);

    public KafkaCluster First => _one;

    public KafkaCluster Second => _two;

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }
}
