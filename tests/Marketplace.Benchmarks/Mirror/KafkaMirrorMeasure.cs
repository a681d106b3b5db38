using System.Diagnostics;
using Confluent.Kafka;
using Marketplace.Benchmarks.Kafka;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.EventLog;
using Marketplace.Mirror;
using Microsoft.Extensions.Logging.Abstractions;
using TopicPartition = Marketplace.EventLog.TopicPartition;

namespace Marketplace.Benchmarks.Mirror;

/// <summary>
/// The mirror from one local broker to another, 1 KB records over six partitions: against the bare client that only reads or only
/// writes them, and against MirrorMaker 2 on the same two brokers with exactly-once on and off.
/// </summary>
internal static class KafkaMirrorMeasure
{
    private const string Topic = "products";
    private const string LatencyTopic = "latency";
    private const int Records = 2_000_000;
    private const int Distinct = 20_000;
    private const int WarmUps = 2;
    private const int AppendRecords = 500;
    private const double RatioGoal = 0.7;
    private const double ExactlyOnceGoal = 2;
    private const double AtLeastOnceGoal = 0.9;
    private const double ProcessorGoal = 0.3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);
    private static readonly MirrorOptions Options = new() { Linger = TimeSpan.Zero, WatchInterval = TimeSpan.FromSeconds(2), CommitBytes = MirrorOptions.CommitBytesOnCluster, Topics = new TopicPatterns([Topic]) };

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("mirror-kafka: broker to broker, 1 KB, six partitions");
        using var source = await LocalBroker.StartAsync(bench.Folder("mirror-broker-1"), cancellationToken);
        using var target = await LocalBroker.StartAsync(bench.Folder("mirror-broker-2"), cancellationToken);
        if (source is null || target is null)
        {
            bench.Report.Note($"skipped: KAFKA_HOME names no Kafka");
            return;
        }

        var (count, costs) = (bench.Options.Count(Records, 200_000), new List<double>());
        var products = new ProductFeed().Keyed(Distinct);
        await using (var log = source.Open())
        {
            await log.EnsureTopicsAsync([new TopicSpec(Topic, LocalBroker.Partitions)], cancellationToken);
            var records = Enumerable.Range(0, AppendRecords).Select(i => new LogRecord { Key = products[i].Key, Value = products[i].Value }).ToArray();
            for (var sent = 0; sent < count; sent += AppendRecords)
            {
                for (var i = 0; i < AppendRecords; i++)
                {
                    records[i] = new LogRecord { Key = products[(sent + i) % Distinct].Key, Value = products[(sent + i) % Distinct].Value };
                }

                await log.AppendAsync(Topic, records, cancellationToken);
            }
        }

        // The brokers' own code is compiled before anything counts, for all that is compared.
        for (var warming = 0; warming < WarmUps; warming++)
        {
            await ConsumeAsync();
            await ProduceAsync();
            await MirrorAsync();
        }

        costs.Clear();
        var rounds = await Rounds.InterleaveAsync(bench.Options.Rounds(5, 1), cancellationToken, ConsumeAsync, ProduceAsync, MirrorAsync);
        var limit = Statistics.Median(rounds[0]) < Statistics.Median(rounds[1]) ? rounds[0] : rounds[1];
        bench.Report.Add(Figure.Alone("bare consume", "records/s", rounds[0]));
        bench.Report.Add(Figure.Alone("bare produce", "records/s", rounds[1]));
        bench.Report.Add(Figure.Against($"mirror, {count:#,0} records", "records/s", rounds[2], limit, RatioGoal));
        var (exactly, exactlyCost) = await MirrorMakerAsync(exactlyOnce: true);
        var (atLeast, atLeastCost) = await MirrorMakerAsync(exactlyOnce: false);
        bench.Report.Add(Figure.Against("against MirrorMaker 2, exactly once", "records/s", rounds[2], [exactly], ExactlyOnceGoal));
        bench.Report.Add(Figure.Against("against MirrorMaker 2, at least once", "records/s", rounds[2], [atLeast], AtLeastOnceGoal));
        bench.Report.Add(Figure.Alone("processor time, of MirrorMaker's exactly once", "", [Statistics.Median(costs) / exactlyCost], Goal.AtMost, ProcessorGoal));
        bench.Report.Add(Figure.Alone("processor time, of MirrorMaker's at least once", "", [Statistics.Median(costs) / atLeastCost], Goal.AtMost, ProcessorGoal));
        await using (var from = source.Open())
        await using (var to = target.Open())
        {
            var options = Options with { Linger = new MirrorOptions().Linger, Topics = new TopicPatterns([LatencyTopic]) };
            await MirrorLatency.MeasureAsync(bench, from, to, options, LatencyTopic, Statistics.Median(rounds[2]) / 2, cancellationToken);
        }

        async Task<double> ConsumeAsync() => await Task.Run(() =>
        {
            using var consumer = new ConsumerBuilder<byte[], byte[]>(new Dictionary<string, string>(source.Client)
            {
                ["group.id"] = $"bare-{Guid.NewGuid():N}", ["auto.offset.reset"] = "earliest", ["enable.auto.commit"] = "false", ["fetch.queue.backoff.ms"] = "5",
            }).Build();
            consumer.Assign(Enumerable.Range(0, LocalBroker.Partitions).Select(number => new TopicPartitionOffset(Topic, number, Offset.Beginning)));
            var started = Stopwatch.GetTimestamp();
            for (var read = 0; read < count;)
            {
                read += consumer.Consume(Poll) is null ? 0 : 1;
            }

            return Rate("bare consume", Stopwatch.GetElapsedTime(started));
        });

        async Task<double> ProduceAsync()
        {
            await EmptyTargetAsync();
            await using var log = target.Open();
            await log.EnsureTopicsAsync([new TopicSpec(Topic, LocalBroker.Partitions)], cancellationToken);
            return await Task.Run(() => Rate("bare produce", new BareKafka(target).Produce(Topic, count, products)));
        }

        async Task<double> MirrorAsync()
        {
            await EmptyTargetAsync();
            await using var from = source.Open();
            await using var to = target.Open();
            using var mirror = new LogMirror(from, to, Options, TimeProvider.System, NullLogger<LogMirror>.Instance);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var process = Process.GetCurrentProcess();
            var (started, before) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
            var running = mirror.RunAsync(stop.Token);
            await MirrorMeasure.CopiedAsync(mirror, from, Topic, LocalBroker.Partitions, cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(started);
            process.Refresh();
            costs.Add(Cost(process.TotalProcessorTime - before, count));
            await stop.CancelAsync();
            await running;
            return Rate($"mirror, {costs[^1]:0.0} processor seconds a million", elapsed);
        }

        async Task<(double Rate, double Cost)> MirrorMakerAsync(bool exactlyOnce)
        {
            await EmptyTargetAsync();
            var folder = bench.Folder($"mm2-{exactlyOnce}");
            using var mirror = MirrorMaker.Start(folder, source, target, Topic, exactlyOnce);
            using var watcher = new ConsumerBuilder<Ignore, Ignore>(new Dictionary<string, string>(target.Client) { ["group.id"] = "watcher", ["isolation.level"] = "read_committed", ["auto.offset.reset"] = "earliest" }).Build();

            // Counted from the first that is seen, so that its long start does not weigh in; what it has written by then is not counted.
            var (patience, seen) = (Stopwatch.GetTimestamp(), 0);
            while (!watcher.Assignment.Any())
            {
                if (target.HasTopic(Topic))
                {
                    watcher.Assign(Enumerable.Range(0, LocalBroker.Partitions).Select(number => new TopicPartitionOffset(Topic, number, Offset.Beginning)));
                }

                Check();
                await Task.Delay(Poll, cancellationToken);
            }

            return await Task.Run(() =>
            {
                var (started, cpu, before) = (0L, TimeSpan.Zero, 0L);
                while (seen < count)
                {
                    Check();
                    if (watcher.Consume(Poll) is not null && ++seen == 1)
                    {
                        (started, cpu, before) = (Stopwatch.GetTimestamp(), mirror.ProcessorTime(), Written());
                    }
                }

                var (elapsed, counted) = (Stopwatch.GetElapsedTime(started), count - before);
                var cost = Cost(mirror.ProcessorTime() - cpu, counted);
                return (Rate($"MirrorMaker 2, {(exactlyOnce ? "exactly" : "at least")} once, the last {counted:#,0}, {cost:0.0} processor seconds a million", elapsed, counted), cost);
            });

            long Written()
            {
                using var asking = new ConsumerBuilder<Ignore, Ignore>(new Dictionary<string, string>(target.Client) { ["group.id"] = "asking", ["isolation.level"] = "read_uncommitted" }).Build();
                return Enumerable.Range(0, LocalBroker.Partitions).Sum(number => asking.QueryWatermarkOffsets(new(Topic, number), Patience).High.Value);
            }

            void Check()
            {
                if (Stopwatch.GetElapsedTime(patience) > Patience)
                {
                    throw new TimeoutException($"MirrorMaker 2 has mirrored {seen} of {count}: see {folder}.");
                }
            }
        }

        double Rate(string what, TimeSpan elapsed, long? counted = null)
        {
            var rate = (counted ?? count) / elapsed.TotalSeconds;
            bench.Report.Note($"{what}: {rate:#,0} records/s");
            return rate;
        }

        static double Cost(TimeSpan processor, long records) => processor.TotalSeconds * 1e6 / records;

        Task EmptyTargetAsync() => target.DeleteAllAsync(cancellationToken);
    }
}
