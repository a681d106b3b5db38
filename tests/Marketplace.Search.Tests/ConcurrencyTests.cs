namespace Marketplace.Search.Tests;

/// <summary>Readers beside the writer and its merges.</summary>
public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Readers_see_whole_snapshots_while_products_change_and_segments_merge()
    {
        const int Products = 200;
        const int Rounds = 300;
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = 3, BufferedProducts = 64 });
        var catalog = new RandomCatalog(7);
        for (var i = 0; i < Products; i++)
        {
            Upsert(index, catalog, i, 0);
        }

        index.Publish();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reads = new int[3];
        var readers = Enumerable.Range(0, reads.Length)
            .Select(i => Task.Factory.StartNew(() => Read(index, ref reads[i], stop.Token), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        var round = 0;
        while (round < Rounds || (reads.Min() < 20 && !readers.Any(r => r.IsFaulted)))
        {
            round++;

            // Every product is replaced by its next version, and the last few come and go.
            for (var n = 0; n < 20; n++)
            {
                Upsert(index, catalog, catalog.Random.Next(Products), round);
            }

            index.Delete($"gone{round - 1}");
            Upsert(index, catalog, $"gone{round}", round);
            index.Publish();
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        await index.WhenMergedAsync(TestContext.Current.CancellationToken);
        index.Snapshot.Count.ShouldBe(Products + 1);
        index.SegmentCount.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Bytes_of_products_replaced_while_they_are_moved_count_as_dead_once()
    {
        const int Products = 300;
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = 2, BufferedProducts = 64 });
        var random = new Random(3);
        var versions = new int[Products];
        for (var round = 0; round < 300; round++)
        {
            for (var n = 0; n < 40; n++)
            {
                Replace(random.Next(Products));
            }

            index.Publish();
        }

        for (var i = 0; i < Products; i++)
        {
            Replace(i);
        }

        var snapshot = index.Publish();
        for (var i = 0; i < Products; i++)
        {
            snapshot.TryGet($"p{i}", out var found).ShouldBeTrue();
            Marketplace.Products.ProductReader.TryRead(found.Source.Span, out var product).ShouldBeTrue();
            product!.Specifications[0].Value.ShouldBe($"{versions[i]}");
        }

        // Large enough that chunks fill up, die and are let go many times.
        void Replace(int i)
        {
            var json = System.Text.Encoding.UTF8.GetBytes(
                $$$"""{"product_id":"p{{{i}}}","name":"Версия","specifications":{"version":{{{++versions[i]}}}},"payload":"{{{new string('x', 20_000)}}}"}""");
            Marketplace.Products.ProductReader.TryRead(json, out var product).ShouldBeTrue();
            index.Upsert(product!, json, versions[i]);
        }
    }

    /// <summary>Each snapshot has every product once, with bytes that are its own, and all sides of it agree.</summary>
    private static void Read(SearchIndex index, ref int reads, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var snapshot = index.Snapshot;
            var result = snapshot.Search(new SearchQuery { Text = "версия", Limit = 1000, Facets = ["store_id"], Highlight = false }, CancellationToken.None);
            result.Total.ShouldBe(snapshot.Count);
            result.Hits.Select(h => h.ProductId).Distinct().Count().ShouldBe(snapshot.Count);
            result.Facets[0].Values.Sum(v => v.Count).ShouldBe(snapshot.Count);
            foreach (var hit in result.Hits)
            {
                Marketplace.Products.ProductReader.TryRead(hit.Source.Span, out var product).ShouldBeTrue();
                product!.Id.ShouldBe(hit.ProductId);
                product.Specifications[0].Value.ShouldBe(hit.TimestampMs.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            Interlocked.Increment(ref reads);
        }
    }

    private static void Upsert(SearchIndex index, RandomCatalog catalog, int product, int version) => Upsert(index, catalog, $"p{product}", version);

    private static void Upsert(SearchIndex index, RandomCatalog catalog, string id, int version)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"product_id":"{{{id}}}","name":"Версия","description":"{{{catalog.Text(20)}}}","store_id":"s","specifications":{"version":{{{version}}}}}""");
        Marketplace.Products.ProductReader.TryRead(json, out var product).ShouldBeTrue();
        index.Upsert(product!, json, version);
    }
}
