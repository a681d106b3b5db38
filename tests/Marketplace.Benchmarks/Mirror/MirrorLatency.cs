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
    private const double Goal99 = 500;

    /// <param name="topic">Made on both sides with one partition, so that the n-th record of one is the n-th of the other.</param>
    /// <param name="rate">Records a second that are offered.</param>
    public static async Task MeasureAsync(Workbench bench, IEventLog source, IEventLog target, MirrorOptions options, string topic, double rate, CancellationToken cancellationToken)
    {
        await source.EnsureTopicsAsync([new TopicSpec(topic, 1)], cancellationToken);
        await target.EnsureTopicsAsync([new TopicSpec(topic, 1)], cancellationToken);
        using var mirror = new LogMirror(source, target, options, TimeProvider.System, NullLogger<LogMirror>.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = mirror.RunAsync(stop.Token);
        var (feed, durable, latencies) = (new ProductFeed(), new ConcurrentDictionary<long, long>(), new List<double>());
        var rounds = (int)bench.Options.Duration(20, 5).TotalSeconds * AppendsPerSecond;
        var perRound = Math.Max(1, (int)(rate / AppendsPerSecond));
        var records = Enumerable.Range(1, perRound).Select(n => new LogRecord { Key = ProductFeed.Key(n), Value = feed.Product(n) }).ToArray();
        var reading = ReadAsync();
        var started = Stopwatch.GetTimestamp();
        for (var round = 1; round <= rounds; round++)
        {
            await source.AppendAsync(topic, records, cancellationToken);
            durable[(long)round * perRound] = Stopwatch.GetTimestamp();
            var due = TimeSpan.FromSeconds((double)round / AppendsPerSecond) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, cancellationToken);
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        await reading;
        await stop.CancelAsync();
        await running;
        latencies.Sort();
        bench.Report.Note($"offered {rounds * perRound / elapsed.TotalSeconds:#,0} of {rate:#,0} records/s");
        bench.Report.Add(Figure.Alone("source → target at half that rate, p50", "ms", [Statistics.Percentile(latencies, 0.5)]));
        bench.Report.Add(Figure.Alone("source → target at half that rate, p99", "ms", [Statistics.Percentile(latencies, 0.99)], Goal.AtMost, Goal99));

        async Task ReadAsync()
        {
            await using var reader = await target.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new(topic, 0)] = 0 }, ReaderOptions.Default, cancellationToken);
            for (var read = 0L; read < (long)perRound * rounds;)
            {
                using var batch = await reader.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody wakes this reader.");
                var now = Stopwatch.GetTimestamp();
                for (var end = read + batch.Count; read < end;)
                {
                    // What is here before its append has returned took no time that is measured.
                    if (++read % perRound == 0)
                    {
                        latencies.Add(durable.TryRemove(read, out var at) ? Stopwatch.GetElapsedTime(at, now).TotalMilliseconds : 0);
                    }
                }
            }
        }
    }
}
