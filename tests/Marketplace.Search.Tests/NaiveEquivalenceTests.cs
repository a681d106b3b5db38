using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Search.Tests;

/// <summary>Random changes and queries: every answer equals that of a scan over all products.</summary>
public sealed class NaiveEquivalenceTests
{
    [Theory]
    [InlineData(1, 8, false)]
    [InlineData(2, 8, true)]
    [InlineData(3, 2, false)]
    [InlineData(4, 3, true)]
    public async Task Every_answer_equals_a_scan_of_all_products(int seed, int mergeFactor, bool isShared)
    {
        var catalog = new RandomCatalog(seed);
        var model = new Dictionary<string, NaiveProduct>();
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = mergeFactor, BufferedProducts = 50, SharedWork = isShared ? 0 : long.MaxValue }, new FakeTimeProvider());
        for (var round = 0; round < 60; round++)
        {
            Change(catalog, index, change => change(model));
            index.Publish();
            await index.WhenMergedAsync(TestContext.Current.CancellationToken);
            var snapshot = index.Snapshot;
            snapshot.Count.ShouldBe(model.Count);
            for (var q = 0; q < 6; q++)
            {
                AnswerComparison.Compare(snapshot, model.Values, catalog.Query());
            }

            CompareById(snapshot, model, catalog.Id());
        }
    }

    [Fact]
    public async Task A_segment_that_is_looked_at_range_by_range_is_seen_whole()
    {
        const int Products = (2 * Segments.Window.Size) + 100;
        var catalog = new RandomCatalog(5);
        var model = new List<NaiveProduct>(Products);
        await using var index = new SearchIndex(new SearchIndexOptions { BufferedProducts = Products, SharedWork = 0, SharedRange = Segments.Window.Size });
        for (var n = 0; n < Products; n++)
        {
            var (product, source) = catalog.Product($"r{n}");
            index.Upsert(product, source, n / 10);
            model.Add(new NaiveProduct(product, source, n / 10));
        }

        var snapshot = index.Publish();
        snapshot.Segments.Length.ShouldBe(1);
        for (var compared = 0; compared < 5;)
        {
            // Of the products that share one of the few SKUs only the first hundred count as named, which the model does not know.
            if (catalog.Query() is var query && !query.Text.StartsWith("sku", StringComparison.Ordinal))
            {
                AnswerComparison.Compare(snapshot, model, query);
                compared++;
            }
        }
    }

    [Fact]
    public async Task Answers_equal_a_scan_while_a_writer_runs()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = 2, SharedWork = 0 });
        var latest = new Published(0, ImmutableDictionary<string, NaiveProduct>.Empty, null);
        var published = 0;
        var compared = new int[2];
        using var done = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            var catalog = new RandomCatalog(11);
            while (!done.IsCancellationRequested)
            {
                var model = latest.Products.ToDictionary();
                Change(catalog, index, change => change(model));
                latest = new Published(index.Publish().Generation, model.ToImmutableDictionary(), latest);
                Interlocked.Increment(ref published);
            }
        }, cancellationToken);
        var readers = Enumerable.Range(0, compared.Length).Select(reader => Task.Run(
            () =>
            {
                var catalog = new RandomCatalog(20 + reader);
                while (compared[reader] < 150 && !writer.IsCompleted)
                {
                    var snapshot = index.Snapshot;
                    var seen = Volatile.Read(ref published);
                    // When one more is published, what this snapshot shows is among the models.
                    SpinWait.SpinUntil(() => Volatile.Read(ref published) > seen + 1 || writer.IsCompleted);
                    var shown = Volatile.Read(ref latest);
                    while (shown.Generation > snapshot.Generation)
                    {
                        shown = shown.Before!;
                    }

                    AnswerComparison.Compare(snapshot, [.. shown.Products.Values], catalog.Query());
                    compared[reader]++;
                }
            },
            cancellationToken));
        await Task.WhenAll(readers);
        await done.CancelAsync();
        await writer;
        compared.ShouldAllBe(count => count == 150);
    }

    /// <summary>What was to be seen from a generation on.</summary>
    private sealed record Published(long Generation, ImmutableDictionary<string, NaiveProduct> Products, Published? Before);

    private static void Change(RandomCatalog catalog, SearchIndex index, Action<Action<Dictionary<string, NaiveProduct>>> change)
    {
        for (var left = catalog.Random.Next(25); left >= 0; left--)
        {
            var id = catalog.Id();
            if (catalog.Random.Next(5) == 0)
            {
                change(model => index.Delete(id).ShouldBe(model.Remove(id)));
            }
            else
            {
                var (product, source) = catalog.Product(id);
                var timestamp = catalog.Random.Next(1000);
                index.Upsert(product, source, timestamp);
                change(model => model[id] = new NaiveProduct(product, source, timestamp));
            }
        }
    }

    private static void CompareById(SearchSnapshot snapshot, Dictionary<string, NaiveProduct> model, string id)
    {
        snapshot.TryGet(id, out var found).ShouldBe(model.TryGetValue(id, out var expected));
        if (expected is not null)
        {
            found.Source.ToArray().ShouldBe(expected.Source);
            found.TimestampMs.ShouldBe(expected.Timestamp);
            found.IsSoldOut.ShouldBe(expected.Product.IsSoldOut);
        }
    }
}
