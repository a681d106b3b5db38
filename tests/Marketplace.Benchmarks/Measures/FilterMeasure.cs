using Marketplace.Benchmarks.Limits;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Benchmarks.Servers;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;

namespace Marketplace.Benchmarks.Measures;

/// <summary>
/// The filter alone, over a log that it finds full, against a loop that reads and writes the same records in the same
/// batches without it. Each run has a fresh copy of the same log, on the disk.
/// </summary>
internal static class FilterMeasure
{
    private const int Records = 1_000_000;
    private const int WarmUpRecords = 30_000;
    private const int AppendRecords = 1_000;
    private const double RatioGoal = 0.6;

    public static async Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        bench.Report.Begin("filter: alone, on a full log");
        var (small, full) = (bench.Folder("filter-warm-up"), bench.Folder("filter-log"));
        await FillAsync(small, WarmUpRecords, cancellationToken);
        var count = bench.Options.Count(Records, 100_000);
        await FillAsync(full, count, cancellationToken);

        await BareAsync(small, WarmUpRecords);
        await FilterAsync(small, WarmUpRecords);
        var rounds = await Rounds.InterleaveAsync(bench.Options.Rounds(5, 2), cancellationToken, () => BareAsync(full, count), () => FilterAsync(full, count));
        bench.Report.Add(Figure.Against($"filter alone, {count:#,0} records", "records/s", rounds[1], rounds[0], RatioGoal));

        Task<double> BareAsync(string source, int records) => OnCopyAsync(source, records, async house =>
        {
            var loop = new BareFilterLoop(house.Log);
            var elapsed = await loop.RunAsync(cancellationToken);
            bench.Report.Note($"bare loop: {records / elapsed.TotalSeconds:#,0} records/s, {records / loop.Commits:#,0} a commit");
            return elapsed;
        });

        Task<double> FilterAsync(string source, int records) => OnCopyAsync(source, records, async house =>
        {
            var (elapsed, commits) = await house.FilterAsync(cancellationToken);
            bench.Report.Note($"filter: {records / elapsed.TotalSeconds:#,0} records/s, {records / commits:#,0} a commit");
            return elapsed;
        });

        async Task<double> OnCopyAsync(string source, int records, Func<LogHouse, Task<TimeSpan>> run)
        {
            var copy = bench.Folder("filter-run");
            CopyToDisk(source, copy);
            try
            {
                await using var house = await LogHouse.OpenAsync(copy, cancellationToken);
                var elapsed = await run(house);
                var written = await house.CountAsync(TopicNames.FilteredProducts, cancellationToken);
                return written == records ? records / elapsed.TotalSeconds : throw new InvalidOperationException($"{written} of {records} records were written.");
            }
            finally
            {
                Directory.Delete(copy, recursive: true);
            }
        }
    }

    private static async Task FillAsync(string folder, int count, CancellationToken cancellationToken)
    {
        await using var house = await LogHouse.OpenAsync(folder, cancellationToken);
        var feed = new ProductFeed();
        foreach (var indexes in Enumerable.Range(1, count).Chunk(AppendRecords))
        {
            var records = indexes.Select(index => new LogRecord { Key = ProductFeed.Key(index), Value = feed.Product(index) }).ToArray();
            await house.Log.AppendAsync(TopicNames.ShopProducts, records, cancellationToken);
        }

        await house.BanStrangersAsync(cancellationToken);
    }

    /// <summary>Flushed, so that the copying is not still being written while the run is measured.</summary>
    private static void CopyToDisk(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source))
        {
            var copy = Path.Combine(target, Path.GetFileName(file));
            File.Copy(file, copy);
            using var stream = new FileStream(copy, FileMode.Open, FileAccess.ReadWrite);
            stream.Flush(flushToDisk: true);
        }
    }
}
