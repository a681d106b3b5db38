using System.Diagnostics;
using System.Globalization;
using System.Text;
using Marketplace.Benchmarks.Events;
using Marketplace.Benchmarks.Products;
using Marketplace.Benchmarks.Reporting;
using Marketplace.Benchmarks.Run;
using Marketplace.Products;
using Marketplace.Recommendations;
using Marketplace.SampleData;

namespace Marketplace.Benchmarks.Measures;

/// <summary>The recommendations alone, in this process and on one thread: memory an item and a user, time an event, and a snapshot's.</summary>
internal static class ModelMeasure
{
    private const int Products = 1_000_000;
    private const int EventsPerProduct = 10;
    private const double Megabyte = 1024 * 1024;

    public static Task RunAsync(Workbench bench, CancellationToken cancellationToken)
    {
        var products = bench.Options.Count(Products, 100_000);
        var events = products * EventsPerProduct;
        var users = Math.Max(1, products / 5);
        bench.Report.Begin($"model: {products:#,0} products, {events:#,0} events of {users:#,0} users, one thread");
        var model = new RecommendationModel();
        var before = Memory();
        var upserting = 0L;
        var start = Stopwatch.GetTimestamp();
        foreach (var json in new ProductFeed().Range(0, products))
        {
            ProductReader.TryRead(json, out var product);
            var applied = Stopwatch.GetTimestamp();
            model.Upsert(product!);
            upserting += Stopwatch.GetTimestamp() - applied;
            cancellationToken.ThrowIfCancellationRequested();
        }

        model.Publish();
        bench.Report.Note($"made, read and applied in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        bench.Report.Add(Figure.Alone("products applied", "products/s", [products / (upserting / (double)Stopwatch.Frequency)]));
        var withProducts = Memory();
        bench.Report.Add(Figure.Alone("memory a product, without events", "B", [(withProducts - before) / (double)products]));

        var feed = new EventFeed(users, products, seed: 1);
        var applying = 0L;
        foreach (var e in feed.Take(events))
        {
            var user = Encoding.UTF8.GetBytes(EventFeed.UserId(e.User));
            var product = Encoding.UTF8.GetBytes(SampleCatalog.ProductId(e.Product).ToString(CultureInfo.InvariantCulture));
            var at = 1_767_225_600_000L + (e.Number * 250L);
            var applied = Stopwatch.GetTimestamp();
            model.Apply(new ClientEvent { Kind = e.Kind, UserId = user, ProductId = product, OccurredAt = at, ReceivedAt = at });
            applying += Stopwatch.GetTimestamp() - applied;
        }

        model.Publish();
        bench.Report.Add(Figure.Alone("events applied", "events/s", [events / (applying / (double)Stopwatch.Frequency)]));
        var withEvents = Memory();
        bench.Report.Add(Figure.Alone("memory that events add, a product", "B", [(withEvents - withProducts) / (double)products]));
        bench.Report.Add(Figure.Alone("memory that events add, a user", "B", [(withEvents - withProducts) / (double)users]));
        bench.Report.Add(Figure.Alone("memory in all", "MB", [(withEvents - before) / Megabyte]));
        Ask(bench, model, users);
        Snapshot(bench, model);
        return Task.CompletedTask;
    }

    private static void Ask(Workbench bench, RecommendationModel model, int users)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_000L).AddDays(30);
        var random = new Random(1);
        var times = new List<double>();
        for (var i = 0; i < 5_000; i++)
        {
            var user = EventFeed.UserId(random.Next(users));
            var start = Stopwatch.GetTimestamp();
            model.Recommend(user, 10, now);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var sorted = times.Skip(1_000).Order().ToArray();
        bench.Report.Add(Figure.Alone("a list of ten, p50", "ms", [Statistics.Percentile(sorted, 0.5)]));
        bench.Report.Add(Figure.Alone("a list of ten, p99", "ms", [Statistics.Percentile(sorted, 0.99)]));
    }

    private static void Snapshot(Workbench bench, RecommendationModel model)
    {
        var path = Path.Combine(bench.Folder("snapshot"), "model");
        var start = Stopwatch.GetTimestamp();
        using (var file = File.Create(path))
        {
            model.Save(file, []);
            file.Flush(flushToDisk: true);
        }

        bench.Report.Add(Figure.Alone("snapshot, saved durably", "s", [Stopwatch.GetElapsedTime(start).TotalSeconds]));
        bench.Report.Add(Figure.Alone("snapshot, size", "MB", [new FileInfo(path).Length / Megabyte]));
        start = Stopwatch.GetTimestamp();
        using (var file = File.OpenRead(path))
        {
            RecommendationModel.Load(file, null, out _);
        }

        bench.Report.Add(Figure.Alone("snapshot, loaded", "s", [Stopwatch.GetElapsedTime(start).TotalSeconds]));
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
