using System.Diagnostics;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Mirror;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Benchmarks.Mirror;

/// <summary>
/// The mirror from one embedded log into another, against what the engine itself does with the same records: reading them all, and
/// writing them in commits of the same size; the slower of the two is the limit.
/// </summary>
internal static class MirrorMeasure
{
    private const string Topic = "products";
    private const int Partitions = 6;
    private const int Records = 400_000;
    private const int AppendRecords = 1_000;
    private const double RatioGoal = 0.7;
    private static readonly MirrorOptions Options = new() { Linger = TimeSpan.Zero, WatchInterval = TimeSpan.FromMilliseconds(100) };

    /// <summary>Rare enough to cost nothing that is measured.</summary>
    private static readonly TimeSpan CopiedPoll = TimeSpan.FromMilliseconds(10);

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("mirror: embedded to embedded");
        var count = bench.Options.Count(Records, 100_000);
        await using var source = await OpenAsync(bench.Folder("mirror-source"), cancellationToken);
        await source.EnsureTopicsAsync([new TopicSpec(Topic, Partitions)], cancellationToken);
        var feed = new ProductFeed();
        var some = Enumerable.Range(1, 4_000).Select(index => new LogRecord { Key = ProductFeed.Key(index), Value = feed.Product(index) }).ToArray();
        foreach (var indexes in Enumerable.Range(1, count).Chunk(AppendRecords))
        {
            var records = indexes.Select(index => new LogRecord { Key = ProductFeed.Key(index), Value = feed.Product(index) }).ToArray();
            await source.AppendAsync(Topic, records, cancellationToken);
        }

        await ReadAsync();
        var rounds = await Rounds.InterleaveAsync(bench.Options.Rounds(5, 2), cancellationToken, ReadAsync, WriteAsync, MirrorAsync);
        bench.Report.Add(Figure.Alone("read by the engine", "records/s", rounds[0]));
        bench.Report.Add(Figure.Alone("written by the engine", "records/s", rounds[1]));
        var limit = Statistics.Median(rounds[0]) < Statistics.Median(rounds[1]) ? rounds[0] : rounds[1];
        bench.Report.Add(Figure.Against($"mirror, {count:#,0} records of 1 KB", "records/s", rounds[2], limit, RatioGoal));
        await LatencyAsync(bench, Statistics.Median(rounds[2]) / 2, cancellationToken);

        async Task<double> ReadAsync()
        {
            var started = Stopwatch.GetTimestamp();
            var read = 0L;
            await foreach (var batch in BatchesAsync(source, cancellationToken))
            {
                read += batch.Count;
                batch.Dispose();
            }

            return read / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        Task<double> WriteAsync() => OnTargetAsync(async target =>
        {
            await target.EnsureTopicsAsync([new TopicSpec(Topic, Partitions)], cancellationToken);
            await using var writer = await target.OpenWriterAsync("bare", cancellationToken);
            var commit = new AtomicBatch();
            for (var written = 0; written < count;)
            {
                commit.Clear();
                for (var bytes = 0L; bytes < Options.CommitBytes && written < count; written++)
                {
                    var record = some[written % some.Length];
                    commit.Add(Topic, record);
                    bytes += record.Value!.Value.Length;
                }

                await writer.CommitAsync(commit, cancellationToken);
            }
        });

        Task<double> MirrorAsync() => OnTargetAsync(async target =>
        {
            using var mirror = new LogMirror(source, target, Options, TimeProvider.System, NullLogger<LogMirror>.Instance);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var running = mirror.RunAsync(stop.Token);
            await CopiedAsync(mirror, source, Topic, Partitions, cancellationToken);
            await stop.CancelAsync();
            await running;
        });

        async Task<double> OnTargetAsync(Func<EmbeddedEventLog, Task> run)
        {
            var folder = bench.Folder("mirror-target");
            try
            {
                await using var target = await OpenAsync(folder, cancellationToken);
                var started = Stopwatch.GetTimestamp();
                await run(target);
                var elapsed = Stopwatch.GetElapsedTime(started);
                var written = 0L;
                for (var number = 0; number < Partitions; number++)
                {
                    written += (await target.GetRangeAsync(new TopicPartition(Topic, number), cancellationToken)).End;
                }

                return written == count ? count / elapsed.TotalSeconds : throw new InvalidOperationException($"{written} of {count} records were written.");
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task LatencyAsync(Workbench bench, double rate, CancellationToken cancellationToken)
    {
        await using var source = await OpenAsync(bench.Folder("mirror-source"), cancellationToken);
        await using var target = await OpenAsync(bench.Folder("mirror-target"), cancellationToken);
        await MirrorLatency.MeasureAsync(bench, source, target, Options with { Linger = new MirrorOptions().Linger }, Topic, rate, cancellationToken);
    }

    /// <summary>Waits until a topic is copied.</summary>
    internal static async Task CopiedAsync(LogMirror mirror, IEventLog source, string topic, int partitions, CancellationToken cancellationToken)
    {
        for (var number = 0; number < partitions; number++)
        {
            var partition = new TopicPartition(topic, number);
            var end = (await source.GetRangeAsync(partition, cancellationToken)).End;
            while (!(mirror.PositionOf(partition) >= end))
            {
                await Task.Delay(CopiedPoll, cancellationToken);
            }
        }
    }

    private static async IAsyncEnumerable<RecordBatch> BatchesAsync(IEventLog log, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ends = new Dictionary<TopicPartition, long>();
        for (var number = 0; number < Partitions; number++)
        {
            var partition = new TopicPartition(Topic, number);
            ends[partition] = (await log.GetRangeAsync(partition, cancellationToken)).End;
        }

        await using var reader = await log.OpenReaderAsync(ends.ToDictionary(end => end.Key, _ => 0L), ReaderOptions.Default, cancellationToken);
        while (ends.Any(end => reader.PositionOf(end.Key) < end.Value))
        {
            yield return await reader.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody wakes this reader.");
        }
    }

    private static Task<EmbeddedEventLog> OpenAsync(string folder, CancellationToken cancellationToken) => EmbeddedEventLog.OpenAsync(
        new EmbeddedLogOptions { Path = folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, cancellationToken);
}
