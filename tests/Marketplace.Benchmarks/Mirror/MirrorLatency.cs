using System.Collections.Concurrent;
using System.Diagnostics;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.EventLog;
using Marketplace.Mirror;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Benchmarks.Mirror;

/// <summary>From durable in the source to readable in the target, at a rate.</summary>
internal static class MirrorLatency
{
    private const int AppendsPerSecond = 100;
    private const int Partitions = 6;
    private const double Goal99 = 500;

    /// <param name="topic">Made on both sides; the n-th record of a partition is the n-th of its copy.</param>
    /// <param name="rate">Records a second that are offered.</param>
    public static async Task MeasureAsync(Workbench bench, IEventLog source, IEventLog target, MirrorOptions options, string topic, double rate, CancellationToken cancellationToken)
    {
        await source.EnsureTopicsAsync([new TopicSpec(topic, Partitions)], cancellationToken);
        await target.EnsureTopicsAsync([new TopicSpec(topic, Partitions)], cancellationToken);
        using var mirror = new LogMirror(source, target, options, TimeProvider.System, NullLogger<LogMirror>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = mirror.RunAsync(stop.Token);
        var (feed, durable, latencies) = (new ProductFeed(), new ConcurrentDictionary<(int Partition, long Count), long>(), new List<double>());

        // A quarter goes before what counts: until then the brokers compile.
        var counted = (int)bench.Options.Duration(20, 5).TotalSeconds * AppendsPerSecond;
        var rounds = counted + (counted / 4);
        var perRound = Math.Max(1, (int)(rate / AppendsPerSecond / Partitions));
        var records = Enumerable.Range(0, Partitions)
            .Select(partition => Enumerable.Range(1, perRound).Select(n => new LogRecord { Key = ProductFeed.Key(n), Value = feed.Product(n), Partition = partition }).ToArray()).ToArray();
        var reading = ReadAsync();
        var (started, counting) = (Stopwatch.GetTimestamp(), 0L);
        for (var round = 1; round <= rounds; round++)
        {
            counting = round == rounds - counted + 1 ? Stopwatch.GetTimestamp() : counting;
            await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => AppendAsync(partition, (long)round * perRound)));
            var due = TimeSpan.FromSeconds((double)round / AppendsPerSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellationToken);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(counting);
        await reading;
        await stop.CancelAsync();
        await running;
        latencies.Sort();
        bench.Report.Note($"offered {counted * perRound * Partitions / elapsed.TotalSeconds:#,0} of {rate:#,0} records/s");
        bench.Report.Add(Figure.Alone("source → target at half that rate, p50", "ms", [Statistics.Percentile(latencies, 0.5)]));
        bench.Report.Add(Figure.Alone("source → target at half that rate, p99", "ms", [Statistics.Percentile(latencies, 0.99)], Goal.AtMost, Goal99));

        async Task AppendAsync(int partition, long count)
        {
            await source.AppendAsync(topic, records[partition], cancellationToken);
            durable[(partition, count)] = Stopwatch.GetTimestamp();
        }

        async Task ReadAsync()
        {
            var starts = Enumerable.Range(0, Partitions).ToDictionary(partition => new TopicPartition(topic, partition), _ => 0L);
            await using var reader = await target.OpenReaderAsync(starts, ReaderOptions.Default, cancellationToken);
            var read = new long[Partitions];
            while (read.Any(count => count < (long)perRound * rounds))
            {
                using var batch = await reader.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody wakes this reader.");
                var (now, partition) = (Stopwatch.GetTimestamp(), batch.Partition.Partition);
                for (var end = read[partition] + batch.Count; read[partition] < end;)
                {
                    // What is here before its append has returned took no time that is measured.
                    if (++read[partition] % perRound == 0 && read[partition] > (long)perRound * (rounds - counted))
                    {
                        latencies.Add(durable.TryRemove((partition, read[partition]), out var at) ? Stopwatch.GetElapsedTime(at, now).TotalMilliseconds : 0);
                    }
                }
            }
        }
    }
}
