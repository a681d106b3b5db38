using System.Globalization;
using System.Text;
using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;
using Marketplace.Mirror.Tests.Translation;
using Marketplace.Testing;
using Marketplace.Testing.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Mirror.Tests.Kafka;

/// <summary>The same mirror between real clusters and from the embedded log into one, as the principal that <c>acls.tsv</c> grants.</summary>
public sealed class KafkaMirrorTests
{
    private const int DefaultPositions = 1000;
    private static readonly MirrorOptions Options = new() { WatchInterval = TimeSpan.FromMilliseconds(500), Topics = new TopicPatterns(["shop-products", "client-events", "banned-products"]) };
    private static readonly TimeSpan FencedLimit = TimeSpan.FromSeconds(60);
    private readonly Random _random = new(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cluster_to_cluster_the_copy_is_exact_through_transactions_and_killed_brokers_and_offsets_translate()
    {
        TwoClusters.SkipUnlessAsked();
        await using var clusters = await TwoClusters.StartAsync(Token);
        await using var writer = clusters.One("admin");
        await using var reader = clusters.Two("admin");
        await using var source = clusters.One("mirror");
        await using var target = clusters.Two("mirror");
        using var mirror = new LogMirror(source, target, Options, TimeProvider.System, NullLogger<LogMirror>.Instance);
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);

        // Transactions put markers between the records, so that offsets differ; brokers of both sides go and come back.
        await using (var transactions = await writer.OpenWriterAsync("test", Token))
        {
            for (var round = 0; round < 60; round++)
            {
                if (round is 15 or 35)
                {
                    (round == 15 ? clusters.First : clusters.Second).All[round % KafkaCluster.Brokers].KillNow();
                }
                else if (round is 25 or 45)
                {
                    await (round == 25 ? clusters.First : clusters.Second).RestoreAsync(Token);
                }

                await UntilDoneAsync(async () =>
                {
                    var commit = new AtomicBatch();
                    for (var i = _random.Next(1, 30); i > 0; i--)
                    {
                        commit.Add("client-events", Record());
                    }

                    await transactions.CommitAsync(commit, Token);
                });
                await UntilDoneAsync(async () => await writer.AppendAsync("shop-products", Enumerable.Range(0, 50).Select(_ => Record()).ToArray(), Token));
            }

            var positions = new AtomicBatch();
            positions.SetPosition("filter", new("shop-products", 0), new GroupPosition(7, "слово"));
            await UntilDoneAsync(async () => await transactions.CommitAsync(positions, Token));
        }

        await WaitAsync(mirror, writer);
        var (difference, same) = await LogComparison.RunAsync(writer, reader, Options.Topics.Patterns, Token);
        difference.ShouldBeNull();
        same.ShouldBeGreaterThan(3000);
        (await mirror.VerifyAsync(null, null, Token)).Partitions.Where(partition => !partition.IsEqual).ShouldBeEmpty();

        await TranslatesAsync(mirror, writer, reader, "client-events");
        while (!(await reader.GetPositionsAsync("filter", Token)).ContainsKey(new("shop-products", 0)))
        {
            await Task.Delay(100, Token);
        }

        (await reader.GetPositionsAsync("filter", Token))[new("shop-products", 0)].Metadata.ShouldBe("слово");

        // A second mirror of the name fences the first, and nothing is doubled.
        using var second = new LogMirror(source, target, Options, TimeProvider.System, NullLogger<LogMirror>.Instance);
        var later = second.RunAsync(stop.Token);
        for (var i = 0; i < 20; i++)
        {
            await writer.AppendAsync("shop-products", Enumerable.Range(0, 20).Select(_ => Record()).ToArray(), Token);
        }

        // It is told with its next commit; the second may have been faster until then.
        using var limit = new CancellationTokenSource(FencedLimit);
        while (mirror.Status.Phase != MirrorPhase.Fenced)
        {
            limit.IsCancellationRequested.ShouldBeFalse($"{mirror.Status.Phase}");
            await writer.AppendAsync("shop-products", Record(), Token);
            await Task.Delay(50, Token);
        }

        await WaitAsync(second, writer);
        (await LogComparison.RunAsync(writer, reader, Options.Topics.Patterns, Token)).Difference.ShouldBeNull();
        await stop.CancelAsync();
        await Task.WhenAll(running, later);
    }

    [Fact]
    public async Task The_embedded_log_is_mirrored_into_a_cluster()
    {
        TwoClusters.SkipUnlessAsked();
        await using var cluster = await KafkaCluster.StartAsync("2", Token);
        await using var embedded = new TestLog(TimeProvider.System);
        await embedded.OpenAsync();
        await using var target = TwoClusters.Open(cluster, "mirror");
        await using var reader = TwoClusters.Open(cluster, "admin");
        var described = await reader.DescribeTopicsAsync(Token);
        await embedded.Log.EnsureTopicsAsync([described["shop-products"].Spec, new TopicSpec("new-topic", 2)], Token);
        for (var i = 0; i < 30; i++)
        {
            await embedded.Log.AppendAsync(i % 2 == 0 ? "shop-products" : "new-topic", Enumerable.Range(0, 100).Select(_ => Record()).ToArray(), Token);
        }

        using var mirror = new LogMirror(embedded.Log, target, Options with { Topics = TopicPatterns.All }, TimeProvider.System, NullLogger<LogMirror>.Instance);
        await mirror.CatchUpAsync(Token);
        await embedded.Log.AddPartitionsAsync("new-topic", 3, Token);
        await embedded.Log.AppendAsync("new-topic", Record() with { Partition = 2 }, Token);
        await mirror.CatchUpAsync(Token);
        var (difference, same) = await LogComparison.RunAsync(embedded.Log, reader, ["shop-products", "new-topic"], Token);
        difference.ShouldBeNull();
        same.ShouldBe(3001);
        await TranslatesAsync(mirror, embedded.Log, reader, "new-topic");
    }

    private static int Positions => int.TryParse(Environment.GetEnvironmentVariable(TranslationTests.Variable), out var asked) ? asked : DefaultPositions;

    private LogRecord Record() => RandomRecord(_random);

    internal static LogRecord RandomRecord(Random random) => new()
    {
        Key = Encoding.UTF8.GetBytes($"k{random.Next(200)}"),
        Value = Encoding.UTF8.GetBytes(random.NextInt64().ToString(CultureInfo.InvariantCulture) + new string('x', random.Next(1000))),
        Headers = random.Next(2) == 0 ? default : RecordHeaders.Of(("как", "есть"), ("нет", null)),
    };

    /// <summary>For random offsets, the translated position reads the same next record.</summary>
    private async Task TranslatesAsync(LogMirror mirror, IEventLog source, IEventLog target, string topic)
    {
        var here = (await LogDump.ReadAsync(source, topic, Token)).ToLookup(record => record.Partition);
        var there = (await LogDump.ReadAsync(target, topic, Token)).ToLookup(record => record.Partition);
        for (var i = 0; i < Positions; i++)
        {
            var partition = new TopicPartition(topic, _random.Next(2));
            var offset = _random.NextInt64(here[partition.Partition].Last().Offset + 1);
            var translated = (await mirror.TranslateAsync(partition, offset, Token))!.Value;
            Next(there[partition.Partition], translated).ShouldBe(Next(here[partition.Partition], offset), $"{partition} {offset} → {translated}");
        }
    }

    private static string? Next(IEnumerable<DumpedRecord> records, long offset) => records.First(record => record.Offset >= offset).Text;

    /// <summary>Brokers are away for a while; what failed is done again.</summary>
    private static async Task UntilDoneAsync(Func<Task> work)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (LogUnavailableException)
            {
                await Task.Delay(200, Token);
            }
        }
    }

    private static async Task WaitAsync(LogMirror mirror, IEventLog source)
    {
        foreach (var topic in Options.Topics.Patterns)
        {
            var partitions = (await source.DescribeTopicsAsync(Token))[topic].Spec.Partitions;
            for (var number = 0; number < partitions; number++)
            {
                var partition = new TopicPartition(topic, number);
                while (!(mirror.PositionOf(partition) >= (await source.GetRangeAsync(partition, Token)).End))
                {
                    mirror.Status.Phase.ShouldBeOneOf(MirrorPhase.Starting, MirrorPhase.Running, MirrorPhase.Waiting);
                    await Task.Delay(100, Token);
                }
            }
        }
    }
}
