using System.Globalization;
using Marketplace.EventLog;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.Mirror.Tests.Kafka;

/// <summary>
/// The gateway's mirror between two secured clusters, as a process that is killed and put to sleep, while brokers of both sides are
/// killed and the network to them is bad. The long form: <c>MIRROR_FAULTS=50</c>.
/// </summary>
public sealed class MirrorFaultTests(ITestOutputHelper output)
{
    private const string Variable = "MIRROR_FAULTS";
    private const int Fewest = 3;
    private static readonly string[] Topics = [SourceTraffic.Appended, SourceTraffic.Committed];
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly Random _random = new(Environment.TickCount);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_copy_is_exact_whatever_is_killed_cut_off_or_wakes_up_late()
    {
        Assert.SkipWhen(KafkaCluster.Home is null, "KAFKA_HOME names no Kafka.");
        var faults = int.Parse(Environment.GetEnvironmentVariable(Variable) ?? $"{Fewest}", CultureInfo.InvariantCulture);
        await using var clusters = await TwoClusters.StartAsync(Token, hasNetwork: true);
        await using var source = clusters.One("admin");
        await using var target = clusters.Two("admin");
        await using var mirror = new MirrorProcess(clusters);
        await mirror.StartAsync(Token);
        using var stop = new CancellationTokenSource();
        var traffic = new SourceTraffic(source, _random.Next()).RunAsync(stop.Token);
        Func<Task>[] kinds =
        [
            mirror.KillAsync,
            () => CutAsync(clusters.Second, NetworkState.Cut),
            () => SleepAsync(mirror),
            () => KillBrokerAsync(clusters.First),
            () => CutAsync(clusters.First, NetworkState.Silent),
            () => KillBrokerAsync(clusters.Second),
            () => CutAsync(clusters.Second, NetworkState.Silent),
            () => CutAsync(clusters.First, NetworkState.Cut),
            () => CutAsync(clusters.Second, NetworkState.Slow),
        ];
        for (var fault = 0; fault < faults; fault++)
        {
            await Task.Delay(_random.Next(500, 3000), Token);
            await kinds[fault % kinds.Length]();
            await ProgressAsync(mirror, $"fault {fault}");
            traffic.IsFaulted.ShouldBeFalse(traffic.Exception?.ToString());
        }

        await stop.CancelAsync();
        await traffic;
        var same = await SameAsync(source, target, mirror);
        var verified = await mirror.VerifyAsync(Token);
        verified.GetProperty("equal").GetBoolean().ShouldBeTrue(verified.ToString());
        output.WriteLine($"{faults} faults: {same} records are the same");
    }

    private async Task KillBrokerAsync(KafkaCluster cluster)
    {
        cluster.All[_random.Next(KafkaCluster.Brokers)].KillNow();
        await Task.Delay(_random.Next(1000, 5000), Token);
        await cluster.RestoreAsync(Token);
    }

    private async Task CutAsync(KafkaCluster cluster, NetworkState state)
    {
        cluster.Network = state;
        await Task.Delay(_random.Next(3000, 8000), Token);
        cluster.Network = NetworkState.Fine;
    }

    /// <summary>A mirror sleeps in the middle of its work, another of its name goes on, and the first wakes up: it must not write any more.</summary>
    private static async Task SleepAsync(MirrorProcess mirror)
    {
        using var zombie = mirror.PauseAndReplace();
        await mirror.StartAsync(Token);
        await ProgressAsync(mirror, "the zombie's successor");
        zombie.Resume();
        await UntilAsync(async () => await mirror.StateOfAsync(zombie, Token) == "fenced", "the zombie to be fenced", () => zombie.Output);
        await zombie.KillAsync();
    }

    /// <summary>What flows in is copied again.</summary>
    private static async Task ProgressAsync(MirrorProcess mirror, string after)
    {
        var before = await mirror.CopiedAsync(Token);
        await UntilAsync(async () => await mirror.CopiedAsync(Token) > before, $"progress after {after}", () => mirror.Output);
    }

    /// <summary>What is still under way is not there yet; what is wrong stays wrong.</summary>
    private static async Task<long> SameAsync(IEventLog source, IEventLog target, MirrorProcess mirror)
    {
        var (difference, same) = (default(string), 0L);
        await UntilAsync(async () =>
        {
            (difference, same) = await LogComparison.RunAsync(source, target, Topics, Token);
            return difference is null;
        }, "both sides to be the same", () => $"{difference}\n{mirror.Output}");
        return same;
    }

    private static Task UntilAsync(Func<Task<bool>> condition, string what, Func<string> found) => Eventually.HoldsAsync(condition, what, Recovery, Poll, found, Token);
}

/// <summary>Records that flow into a cluster: some alone, some in transactions, whose markers make the offsets of both sides differ.</summary>
internal sealed class SourceTraffic(IEventLog log, int seed)
{
    public const string Appended = "shop-products";

    /// <summary>One that the gateway does not read when it only mirrors.</summary>
    public const string Committed = "dead-letters";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly Random _random = new(seed);

    /// <summary>Until it is told to stop; what fails meanwhile is done again.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var writer = await log.OpenWriterAsync("source-traffic", CancellationToken.None);
                while (!stop.IsCancellationRequested)
                {
                    var commit = new AtomicBatch();
                    for (var i = _random.Next(1, 20); i > 0; i--)
                    {
                        commit.Add(Committed, Record());
                    }

                    await writer.CommitAsync(commit, CancellationToken.None);
                    await log.AppendAsync(Appended, Enumerable.Range(0, _random.Next(1, 50)).Select(_ => Record()).ToArray(), CancellationToken.None);
                    await Task.Delay(Pause, CancellationToken.None);
                }
            }
            catch (Exception e) when (e is LogUnavailableException or WriterFencedException)
            {
                // Fenced by the cluster where a transaction took longer than it may.
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private LogRecord Record() => KafkaMirrorTests.RandomRecord(_random);
}
