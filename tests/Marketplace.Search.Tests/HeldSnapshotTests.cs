namespace Marketplace.Search.Tests;

/// <summary>A snapshot that is kept gives the answers of its time, whatever becomes of the index.</summary>
public sealed class HeldSnapshotTests
{
    /// <summary>Near to words of the catalogue, the same in another form or script, or longer.</summary>
    private static readonly string[] LaterWords = ["часики", "часам", "умныи", "телефоны", "телефонный", "чехольчик", "samsumg", "chasy", "telefon", "ёлочка", "phonecase", "краснее"];

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 8)]
    public async Task A_snapshot_answers_as_in_its_time_while_words_come_and_go_and_segments_merge(int seed, int mergeFactor)
    {
        var catalog = new RandomCatalog(seed);
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = mergeFactor, BufferedProducts = 50 });
        for (var round = 0; round < 20; round++)
        {
            await ChangeAsync(index, catalog, _ => catalog.Id());
        }

        var snapshot = index.Snapshot;
        var queries = Enumerable.Range(0, 300).Select(_ => catalog.Query()).ToList();
        var before = queries.ConvertAll(query => Answer(snapshot, query));
        for (var round = 0; round < 40; round++)
        {
            await ChangeAsync(index, catalog, n => n % 3 == 0 ? $"{catalog.Id()} later" : catalog.Id());
            var name = string.Join(' ', Enumerable.Range(0, 3).Select(_ => catalog.Pick(LaterWords)));
            index.Upsert($$"""{"product_id":"new{{round % 7}}","name":"{{name}}"}""");
            index.Publish();
        }

        for (var id = 0; id < 120; id++)
        {
            index.Delete($"p{id}");
        }

        index.Publish();
        await index.WhenMergedAsync(TestContext.Current.CancellationToken);
        for (var q = 0; q < queries.Count; q++)
        {
            Answer(snapshot, queries[q]).ShouldBe(before[q], queries[q].ToString());
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 8)]
    public async Task The_words_frequencies_are_those_of_the_newest_snapshot_s_segments(int seed, int mergeFactor)
    {
        var catalog = new RandomCatalog(seed);
        await using var index = new SearchIndex(new SearchIndexOptions { MergeFactor = mergeFactor, BufferedProducts = 50 });
        for (var round = 0; round < 60; round++)
        {
            // Few products at a time: a segment of one or two is soon replaced whole, now and then while it is merged.
            for (var n = 0; n < 3; n++)
            {
                Upsert(index, catalog, catalog.Id());
                index.Publish();
            }

            await index.WhenMergedAsync(TestContext.Current.CancellationToken);
            var segments = index.Snapshot.Segments.ToArray();
            var terms = index.Snapshot.Tables.Terms;
            for (var term = 0; term < terms.Count; term++)
            {
                terms.Info(term).Frequency.ShouldBe(segments.Sum(view => view.Segment.Postings.CountOf(term)), terms.Text(term).ToString());
            }
        }
    }

    private static string Answer(SearchSnapshot snapshot, SearchQuery query)
    {
        var result = snapshot.Search(query);
        return $"{result.Total} {result.DidYouMean}: {string.Join(", ", result.Hits.Select(hit => $"{hit.ProductId} {hit.Score:R} {hit.TimestampMs}"))}";
    }

    private static async Task ChangeAsync(SearchIndex index, RandomCatalog catalog, Func<int, string> id)
    {
        for (var n = 0; n < 15; n++)
        {
            if (catalog.Random.Next(4) == 0)
            {
                index.Delete(id(n));
            }
            else
            {
                Upsert(index, catalog, id(n));
            }
        }

        index.Publish();
        await index.WhenMergedAsync(TestContext.Current.CancellationToken);
    }

    private static void Upsert(SearchIndex index, RandomCatalog catalog, string id)
    {
        var (product, source) = catalog.Product(id);
        index.Upsert(product, source, catalog.Random.Next(50));
    }
}
