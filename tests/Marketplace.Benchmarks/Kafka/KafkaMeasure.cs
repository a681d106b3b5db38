using System.Diagnostics;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;
using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;

namespace Marketplace.Benchmarks.Kafka;

/// <summary>
/// The engine on one local broker against the bare client, 1 KB records over six partitions: producing; the filter with its
/// transactions against carrying the same records without any; what a POST adds to a bare produce.
/// </summary>
internal static class KafkaMeasure
{
    private const int Records = 1_000_000;
    private const int Distinct = 20_000;
    private const int Callers = 4;
    private const int AppendRecords = 500;
    private const double ProduceGoal = 0.8;
    private const double FilterGoal = 0.7;
    private const double LatencyGoal = 3;
    private const double LatencyRate = 500;
    private const int Connections = 16;

    /// <summary>Room for all that comes within the longest interval.</summary>
    private const long PacedBytes = 128L * 1024 * 1024;

    private static readonly string[] Outputs = [TopicNames.FilteredProducts, TopicNames.FilterDecisions, TopicNames.FilterProgress];

    public static Task RunProduceAsync(Workbench bench, CancellationToken cancellationToken) => RunAsync(bench, "producing", ProduceAsync, cancellationToken);

    public static Task RunFilterAsync(Workbench bench, CancellationToken cancellationToken) => RunAsync(bench, "the filter", FilterAsync, cancellationToken);

    public static Task RunPostAsync(Workbench bench, CancellationToken cancellationToken) => RunAsync(bench, "POST", PostAsync, cancellationToken);

    private static async Task RunAsync(Workbench bench, string what, Func<Workbench, LocalBroker, (byte[] Key, byte[] Value)[], CancellationToken, Task> measureAsync, CancellationToken cancellationToken)
    {
        bench.Report.Begin($"kafka: {what}; one local broker, 1 KB, six partitions");
        using var broker = await LocalBroker.StartAsync(bench.Folder("kafka-broker"), cancellationToken);
        if (broker is null)
        {
            bench.Report.Note($"skipped: KAFKA_HOME names no Kafka");
            return;
        }

        var products = new ProductFeed().Keyed(Distinct);
        await broker.EmptyAsync(TopicCatalog.For(LocalBroker.Partitions).Select(topic => topic.Name), cancellationToken);
        await measureAsync(bench, broker, products, cancellationToken);
    }

    private static LogRecord[] Repeated(Workbench bench, (byte[] Key, byte[] Value)[] products) =>
        [.. Enumerable.Range(0, bench.Options.Count(Records, 100_000)).Select(i => new LogRecord { Key = products[i % Distinct].Key, Value = products[i % Distinct].Value })];

    private static async Task ProduceAsync(Workbench bench, LocalBroker broker, (byte[] Key, byte[] Value)[] products, CancellationToken cancellationToken)
    {
        var (bare, records) = (new BareKafka(broker), Repeated(bench, products));
        await using var log = broker.Open();
        await EngineAsync();
        await BareAsync();
        var rounds = await Rounds.InterleaveAsync(bench.Options.Rounds(6, 2), cancellationToken, BareAsync, EngineAsync);
        bench.Report.Add(Figure.Against("produce through the engine", "records/s", rounds[1], rounds[0], ProduceGoal));

        Task<double> BareAsync() => Task.Run(() => Told(bench, "bare produce", records.Length, () => Task.FromResult(bare.Produce(TopicNames.ClientQueries, records.Length, products))));

        Task<double> EngineAsync() => Told(bench, "engine produce", records.Length, async () =>
        {
            var started = Stopwatch.GetTimestamp();
            var share = records.Length / Callers;
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                for (var from = caller * share; from < (caller + 1) * share; from += AppendRecords)
                {
                    await log.AppendAsync(TopicNames.ClientQueries, records.AsMemory(from, AppendRecords), cancellationToken);
                }
            }, cancellationToken)));
            return Stopwatch.GetElapsedTime(started);
        });
    }

    private static async Task FilterAsync(Workbench bench, LocalBroker broker, (byte[] Key, byte[] Value)[] products, CancellationToken cancellationToken)
    {
        var (bare, records) = (new BareKafka(broker), Repeated(bench, products));
        await broker.EmptyAsync([TopicNames.ShopProducts, .. Outputs], cancellationToken);
        await using (var house = await LogHouse.OverAsync(broker.Open(), cancellationToken))
        {
            foreach (var chunk in Enumerable.Range(0, records.Length / AppendRecords))
            {
                await house.Log.AppendAsync(TopicNames.ShopProducts, records.AsMemory(chunk * AppendRecords, AppendRecords), cancellationToken);
            }

            await house.BanStrangersAsync(cancellationToken);
        }

        // Both programs' code is compiled before anything counts, the broker's of transactions too.
        await CarryAsync();
        await JudgeAsync("filter", FilterPace.OnCluster);
        await JudgeAsync("filter", FilterPace.OnCluster);
        await CarryAsync();
        var rounds = await Rounds.InterleaveAsync(
            bench.Options.Rounds(5, 2), cancellationToken, CarryAsync, () => JudgeAsync("filter", FilterPace.OnCluster));
        bench.Report.Add(Figure.Against("filter with transactions, against carrying without", "records/s", rounds[1], rounds[0], FilterGoal));
        foreach (var milliseconds in (int[])[10, 100, 1000])
        {
            var rate = await JudgeAsync($"filter, a commit every {milliseconds} ms", new FilterPace(TimeSpan.FromMilliseconds(milliseconds), PacedBytes, TimeSpan.Zero));
            bench.Report.Add(Figure.Against($"filter, a commit every {milliseconds} ms", "records/s", [rate], rounds[0]));
        }

        async Task<double> CarryAsync()
        {
            await broker.EmptyAsync(Outputs, cancellationToken);
            return await Task.Run(() => Told(bench, "bare carrying", records.Length, () => Task.FromResult(bare.Carry(records.Length))));
        }

        async Task<double> JudgeAsync(string what, FilterPace pace)
        {
            await broker.EmptyAsync(Outputs, cancellationToken);
            await using var house = await LogHouse.OverAsync(broker.Open(), cancellationToken);
            return await Told(bench, what, records.Length, async () =>
            {
                var (elapsed, commits) = await house.FilterAsync(cancellationToken, pace);
                bench.Report.Note($"{what}: {records.Length / commits:#,0} records a commit");
                return elapsed;
            });
        }
    }

    private static async Task PostAsync(Workbench bench, LocalBroker broker, (byte[] Key, byte[] Value)[] products, CancellationToken cancellationToken)
    {
        var bare = new BareKafka(broker);
        await using var gateway = await LiveGateway.StartAsync(
            bench.Folder("kafka-gateway"), cancellationToken, "--EventLog:Provider=Kafka", $"--Kafka:BootstrapServers={broker.Address}", "--Kafka:SecurityProtocol=PLAINTEXT",
            "--Kafka:ReplicationFactor=1", "--Kafka:MinInSyncReplicas=1");
        var load = new LoadGenerator(gateway.Endpoint, new ProductFeed().Singles(1, Distinct), 202);
        var duration = bench.Options.Duration(15, 4);

        // Until the hot code of both processes has been compiled for good.
        await load.RunAsync(Connections, duration * 2, LatencyRate, cancellationToken);
        await BareAsync();
        var (bareTails, postTails) = (new List<double>(), new List<double>());
        for (var round = 0; round < bench.Options.Rounds(4, 2); round++)
        {
            bareTails.Add(await BareAsync());
            var (median, p99) = (await load.RunAsync(Connections, duration, LatencyRate, cancellationToken)).Latency();
            bench.Report.Note($"POST at {LatencyRate}/s: p50 {median:0.00} ms, p99 {p99:0.00} ms");
            postTails.Add(p99);
        }

        bench.Report.Add(Figure.Alone("bare produce, p99", "ms", bareTails));
        bench.Report.Add(Figure.Alone("POST, p99", "ms", postTails));
        bench.Report.Add(Figure.Alone(
            "POST over a bare produce, p99", "ms", [Statistics.Median(postTails) - Statistics.Median(bareTails)], Goal.AtMost, LatencyGoal));

        async Task<double> BareAsync()
        {
            var latencies = await bare.LatenciesAsync(TopicNames.ClientQueries, products, LatencyRate, duration, cancellationToken);
            latencies.Sort();
            bench.Report.Note($"bare produce at {LatencyRate}/s: p50 {Statistics.Percentile(latencies, 0.5):0.00} ms, p99 {Statistics.Percentile(latencies, 0.99):0.00} ms");
            return Statistics.Percentile(latencies, 0.99);
        }
    }

    /// <summary>Runs and tells records a second and this process's processor seconds for a million records.</summary>
    private static async Task<double> Told(Workbench bench, string what, int records, Func<Task<TimeSpan>> run)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var elapsed = await run();
        process.Refresh();
        var rate = records / elapsed.TotalSeconds;
        bench.Report.Note($"{what}: {rate:#,0} records/s, {(process.TotalProcessorTime - before).TotalSeconds * 1e6 / records:0.0} processor seconds a million");
        return rate;
    }
}
