using System.Text;

namespace Marketplace.Search.Tests;

/// <summary>The index on the disk: it comes back as it was, and what is damaged is noticed.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("search-snapshot-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "index");

    private SearchIndexOptions Options => new() { SourceFolder = _folder.FullName, MergeFactor = 3, BufferedProducts = 30 };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_index_goes_on_where_it_was_saved(int seed)
    {
        var catalog = new RandomCatalog(seed);
        var model = new Dictionary<string, NaiveProduct>();
        var index = new SearchIndex(Options);
        for (var round = 0; round < 8; round++)
        {
            Change(catalog, index, model, 120);
            await index.WhenMergedAsync(TestContext.Current.CancellationToken);
            var saved = new Dictionary<string, NaiveProduct>(model);
            index.Save(Path, () => Encoding.UTF8.GetBytes($"round {round}"));

            // What comes after the snapshot is lost with the process, as in a crash.
            Change(catalog, index, model, 60);
            await index.WhenMergedAsync(TestContext.Current.CancellationToken);
            await index.DisposeAsync();
            model = saved;
            index = Load(Options, out var tag);
            Encoding.UTF8.GetString(tag).ShouldBe($"round {round}");
            index.Snapshot.Count.ShouldBe(model.Count);
            for (var q = 0; q < 25; q++)
            {
                AnswerComparison.Compare(index.Snapshot, model.Values, catalog.Query());
            }
        }

        await index.DisposeAsync();
    }

    [Fact]
    public async Task Files_of_products_that_no_snapshot_needs_are_removed()
    {
        var catalog = new RandomCatalog(5);
        await using var index = new SearchIndex(Options);
        for (var round = 0; round < 5; round++)
        {
            Change(catalog, index, [], 100);
            index.Save(Path, () => []);
        }

        await using var loaded = Load(Options, out _);
        var files = _folder.EnumerateFiles("source-*.bin").Count();
        loaded.Save(Path, () => []);
        _folder.EnumerateFiles("source-*.bin").Count().ShouldBeLessThanOrEqualTo(files);
        await using var fresh = new SearchIndex(Options);
        _folder.EnumerateFiles("source-*.bin").ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_damage_is_noticed()
    {
        var catalog = new RandomCatalog(3);
        await using (var index = new SearchIndex(Options))
        {
            Change(catalog, index, [], 300);
            index.Save(Path, () => [1, 2, 3]);
        }

        var files = _folder.EnumerateFiles().Select(f => f.FullName).ToList();
        for (var attempt = 0; attempt < 60; attempt++)
        {
            var file = catalog.Pick(files);
            var right = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            var wrong = right.ToArray();
            var at = catalog.Random.Next(right.Length);
            if (attempt % 4 == 0)
            {
                wrong = right[..at];
            }
            else
            {
                wrong[at] ^= (byte)(1 << catalog.Random.Next(8));
            }

            await File.WriteAllBytesAsync(file, wrong, TestContext.Current.CancellationToken);
            Should.Throw<InvalidDataException>(() => Load(Options, out _), $"byte {at} of {file}");
            await File.WriteAllBytesAsync(file, right, TestContext.Current.CancellationToken);
        }

        Should.Throw<InvalidDataException>(() => Load(Options with { Ranking = new() { Saturation = 9 } }, out _));
        await using var loaded = Load(Options, out var tag);
        tag.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_snapshot_taken_while_products_change_is_of_one_moment()
    {
        var catalog = new RandomCatalog(4);
        var model = new Dictionary<string, NaiveProduct>();
        await using var index = new SearchIndex(Options);
        using var stop = new CancellationTokenSource();
        var saves = 0;
        var saver = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var count = 0;
                index.Save(Path, () => BitConverter.GetBytes(count = index.Snapshot.Count));
                using var loaded = new Disposal(Load(new SearchIndexOptions { SourceFolder = Copy() }, out var tag));
                loaded.Index.Snapshot.Count.ShouldBe(BitConverter.ToInt32(tag));
                loaded.Index.Snapshot.Search(new SearchQuery { Limit = 1000 }).Hits.Count.ShouldBe(count);
                Interlocked.Increment(ref saves);
            }
        });
        while (Volatile.Read(ref saves) < 10 && !saver.IsCompleted)
        {
            Change(catalog, index, model, 20);
        }

        await stop.CancelAsync();
        await saver;
    }

    /// <summary>The files as they are now, for an index of its own.</summary>
    private string Copy()
    {
        var copy = Directory.CreateDirectory(System.IO.Path.Combine(_folder.FullName, "copy"));
        foreach (var old in copy.EnumerateFiles())
        {
            old.Delete();
        }

        foreach (var file in _folder.EnumerateFiles("source-*.bin"))
        {
            try
            {
                file.CopyTo(System.IO.Path.Combine(copy.FullName, file.Name), overwrite: true);
            }
            catch (FileNotFoundException)
            {
                // Of a chunk that came and went since the snapshot.
            }
        }

        return copy.FullName;
    }

    private static void Change(RandomCatalog catalog, SearchIndex index, Dictionary<string, NaiveProduct> model, int changes)
    {
        for (; changes > 0; changes--)
        {
            var id = catalog.Id();
            if (catalog.Random.Next(4) == 0)
            {
                index.Delete(id);
                model.Remove(id);
            }
            else
            {
                var (product, source) = catalog.Product(id);
                index.Upsert(product, source, changes);
                model[id] = new NaiveProduct(product, source, changes);
            }
        }

        index.Publish();
    }

    private SearchIndex Load(SearchIndexOptions options, out byte[] tag)
    {
        using var file = File.OpenRead(Path);
        return SearchIndex.Load(file, options, out tag);
    }

    private sealed record Disposal(SearchIndex Index) : IDisposable
    {
        public void Dispose() => Index.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
