using System.Diagnostics;
using Marketplace.Benchmarks.Reporting;

namespace Marketplace.Benchmarks.Load;

/// <summary>A request as bytes, and what it brings.</summary>
/// <param name="SinkBytes">Bytes that its products take in the sink's file.</param>
internal readonly record struct PreparedRequest(byte[] Bytes, int Products, long SinkBytes);

/// <summary>What a load run did; every request of it was answered as expected.</summary>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Ticks">Stopwatch ticks from each request to its answer.</param>
internal sealed record LoadResult(long Requests, long Products, long SinkBytes, TimeSpan Elapsed, IReadOnlyList<long> Ticks)
{
    public double RequestsPerSecond => Requests / Elapsed.TotalSeconds;

    public double ProductsPerSecond => Products / Elapsed.TotalSeconds;

    /// <summary>p50 and p99 of the answer times in milliseconds.</summary>
    public (double Median, double P99) Latency()
    {
        var sorted = Ticks.Select(t => t * 1e3 / Stopwatch.Frequency).Order().ToArray();
        return (Statistics.Percentile(sorted, 0.5), Statistics.Percentile(sorted, 0.99));
    }
}
