using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Search.Tests;

public sealed class SearchIndexTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddSeconds(100));
    private readonly SearchIndex _index;

    public SearchIndexTests() => _index = new SearchIndex(time: _time);

    public ValueTask DisposeAsync() => _index.DisposeAsync();

    [Fact]
    public void A_change_is_seen_from_its_publication_on()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _index.Upsert("""{"product_id": "12345", "name": "Умные часы XYZ"}""", timestampMs: 100_500);
        _index.Snapshot.Count.ShouldBe(0);
        var before = _index.Publish();
        Ids("умные часы").ShouldBe(["12345"]);
        before.TryGet("12345", out var found).ShouldBeTrue();
        found.VisibleSinceMs.ShouldBe(101_000);

        _index.Delete("12345").ShouldBeTrue();
        Ids("умные часы").ShouldBe(["12345"]);
        _index.Publish();
        Ids("умные часы").ShouldBeEmpty();
        before.Search(new SearchQuery { Text = "часы" }).Total.ShouldBe(1, "a snapshot does not change");
    }

    [Fact]
    public void What_is_older_than_the_index_is_visible_since_it_was_written()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _index.Upsert("""{"product_id": "1", "name": "Умные часы"}""", timestampMs: 99_000);
        _index.Publish().TryGet("1", out var found).ShouldBeTrue();
        found.VisibleSinceMs.ShouldBe(99_000);
    }

    [Theory]
    [InlineData("часов")]
    [InlineData("ЧАСЫ")]
    [InlineData("умная")]
    [InlineData("ча")]
    [InlineData("xyz")]
    [InlineData("XY")]
    [InlineData("16гб")]
    [InlineData("16 гб")]
    [InlineData("елочный")]
    [InlineData("ёлочный")]
    [InlineData("tn2110")]
    [InlineData("TN-2110")]
    [InlineData("А-12/3")]
    [InlineData("5,5\"")]
    [InlineData("wi-fi")]
    [InlineData("wifi")]
    [InlineData("Cafe")]
    [InlineData("ＸＹＺ")]
    [InlineData("\"умные часы\"")]
    [InlineData("sku 77 a")]
    [InlineData("id/1")]
    public void Finds_a_product_however_it_is_written(string query)
    {
        Add("""{"product_id": "id/1", "name": "Умные часы XYZ", "sku": "SKU-77/A", "description": "16 ГБ, ёлочный, TN-2110, а-12/3, экран 5.5\", Wi-Fi, café"}""");
        _index.Publish();
        Ids(query).ShouldBe(["id/1"]);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"часы умные\"")]
    [InlineData("часы -умные")]
    [InlineData("...")]
    [InlineData("🎁")]
    public void Does_not_find_what_is_not_there(string query)
    {
        Add("""{"product_id": "1", "name": "Умные часы", "description": "экран 5.5\""}""");
        _index.Publish();
        Ids(query).ShouldBeEmpty();
    }

    [Fact]
    public void The_exact_form_goes_before_the_stem()
    {
        Add("""{"product_id": "1", "name": "часов"}""");
        Add("""{"product_id": "2", "name": "часы"}""");
        Add("""{"product_id": "3", "name": "часами"}""");
        _index.Publish();
        foreach (var (form, id) in new[] { ("часов", "1"), ("часы", "2"), ("часами", "3") })
        {
            Ids(form)[0].ShouldBe(id);
            Ids(form).Count.ShouldBe(3);
        }
    }

    [Fact]
    public void Highlights_show_what_matched_and_escape_the_rest()
    {
        Add("""{"product_id": "1", "name": "<b>Умные</b> часы", "description": "Лучшие из часов"}""");
        _index.Publish();
        var hit = _index.Snapshot.Search(new SearchQuery { Text = "умными часами" }).Hits.Single();
        hit.Highlights["name"].ShouldBe("&lt;b&gt;<em>Умные</em>&lt;/b&gt; <em>часы</em>");
        hit.Highlights["description"].ShouldBe("Лучшие из <em>часов</em>");
    }

    [Fact]
    public void The_parts_of_a_score_add_up_to_it()
    {
        Add("""{"product_id": "1", "name": "Умные часы", "sku": "AB-1", "stock": {"available": 3}}""");
        Add("""{"product_id": "2", "name": "Чехол для часов"}""");
        _index.Publish();
        foreach (var text in new[] { "умные часы", "чехол для часов", "ab-1", "", "\"умные часы\"" })
        {
            foreach (var hit in _index.Snapshot.Search(new SearchQuery { Text = text, Explain = true }).Hits)
            {
                hit.Explain.Sum(p => p.Score).ShouldBe(hit.Score, 1e-3, text);
            }
        }
    }

    [Fact]
    public async Task Products_bytes_can_be_kept_in_files_and_dead_ones_are_given_back()
    {
        var folder = Directory.CreateTempSubdirectory("search-");
        try
        {
            await using var index = new SearchIndex(new SearchIndexOptions { SourceFolder = folder.FullName, MergeFactor = 2 }, _time);
            for (var version = 0; version < 20; version++)
            {
                for (var id = 0; id < 20; id++)
                {
                    index.Upsert($$$"""{"product_id": "{{{id}}}", "name": "Версия {{{version}}}"}""");
                }

                foreach (var hit in index.Publish().Search(new SearchQuery { Text = "версия", Limit = 100 }).Hits)
                {
                    Encoding.UTF8.GetString(hit.Source.Span).ShouldBe($$$"""{"product_id": "{{{hit.ProductId}}}", "name": "Версия {{{version}}}"}""");
                }
            }

            folder.EnumerateFiles("source-*.bin").ShouldNotBeEmpty();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Queries_of_any_length_and_kind_are_answered()
    {
        Add("""{"product_id": "1", "name": "Умные часы"}""");
        _index.Publish();
        string[] queries =
        [
            new('я', 10_000), string.Concat(Enumerable.Repeat("часы ", 2_000)), "\"", "-", "--", "- -", "\"\"", "«", "-\"умные", "'; DROP TABLE products; --", "\uD800",
            "\uDC00\uD800 часы", "שעון חכם", "🎁🎁🎁", "%00\0\u0001", string.Concat(Enumerable.Range(0, 300).Select(i => $"\"a{i} b\" -c{i} d{i} ")), "ـــ", "é́́́́",
        ];
        foreach (var query in queries)
        {
            Should.NotThrow(() => _index.Snapshot.Search(new SearchQuery { Text = query, Explain = true, Facets = ["price", query] }), query);
            Should.NotThrow(() => _index.Snapshot.Suggest(query, 5), query);
        }
    }

    [Fact]
    public void A_cancelled_search_stops()
    {
        Add("""{"product_id": "1", "name": "Умные часы"}""");
        Should.Throw<OperationCanceledException>(() => _index.Publish().Search(new SearchQuery { Text = "часы" }, new CancellationToken(true)));
    }

    private void Add(string json) => _index.Upsert(json);

    private List<string> Ids(string query) => [.. _index.Snapshot.Search(new SearchQuery { Text = query }).Hits.Select(h => h.ProductId)];
}
