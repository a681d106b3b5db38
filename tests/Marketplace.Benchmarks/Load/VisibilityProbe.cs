using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Marketplace.Benchmarks.Products;

namespace Marketplace.Benchmarks.Load;

/// <summary>
/// Writes one sentinel after another at a steady pace on one connection, and on another asks search again and again until
/// each is found, or found no more. The pace does not wait for search, so a time of slowness is measured as often as any.
/// </summary>
/// <param name="visible">What is waited for: found, or found no more.</param>
internal sealed class VisibilityProbe(IPEndPoint server, IReadOnlyList<Sentinel> sentinels, Func<Sentinel, byte[]> write, bool visible)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <param name="flow">What runs beside it; when that fails, there is nothing to be measured any more.</param>
    /// <returns>For each sentinel the milliseconds from the answer to its write until the first answer of search that shows it.</returns>
    public async Task<IReadOnlyList<double>> RunAsync(TimeSpan interval, Task flow, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var written = new BlockingCollection<(Sentinel Sentinel, long At)>();
        var writing = OnThread(() => Write(interval, written, stop.Token));
        var looking = OnThread(() => Look(written, stop.Token));
        await Task.WhenAny(looking, flow);
        await stop.CancelAsync();
        await Task.WhenAll(looking, writing, flow.IsFaulted ? flow : Task.CompletedTask);
        return await looking;
    }

    private static Task<T> OnThread<T>(Func<T> run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private int Write(TimeSpan interval, BlockingCollection<(Sentinel, long)> written, CancellationToken stop)
    {
        try
        {
            using var http = new HttpConnection(server);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < sentinels.Count; i++)
            {
                var wait = (i * interval) - Stopwatch.GetElapsedTime(start);
                if (wait > TimeSpan.Zero)
                {
                    stop.WaitHandle.WaitOne(wait);
                }

                stop.ThrowIfCancellationRequested();
                http.Exchange(write(sentinels[i]), 200, 201, 202);
                written.Add((sentinels[i], Stopwatch.GetTimestamp()), stop);
            }

            return sentinels.Count;
        }
        finally
        {
            written.CompleteAdding();
        }
    }

    private List<double> Look(BlockingCollection<(Sentinel Sentinel, long At)> written, CancellationToken stop)
    {
        using var http = new HttpConnection(server);
        var waiting = new List<(Sentinel Sentinel, long At)>();
        var times = new List<double>(sentinels.Count);
        while (waiting.Count > 0 || !written.IsCompleted)
        {
            if (written.TryTake(out var next, waiting.Count == 0 ? Timeout.Infinite : 0, stop))
            {
                waiting.Add(next);
            }

            waiting.RemoveAll(probe =>
            {
                var shown = probe.Sentinel.IsIn(http.Exchange(probe.Sentinel.Search, 200));
                var elapsed = Stopwatch.GetElapsedTime(probe.At);
                if (shown == visible)
                {
                    times.Add(elapsed.TotalMilliseconds);
                    return true;
                }

                return elapsed < Limit ? false : throw new TimeoutException($"{probe.Sentinel.Id} is {(visible ? "not found" : "still found")} after {Limit}.");
            });
        }

        return times;
    }
}
