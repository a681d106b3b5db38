using Marketplace.Products;
using Marketplace.Search.Segments;
using Marketplace.Search.Sources;

namespace Marketplace.Search;

/// <summary>
/// The search index: one writer, any number of readers. Changes collect in a buffer and become visible together at <see cref="Publish"/>,
/// which swaps one reference; readers take <see cref="Snapshot"/> and no lock. Segments are merged in the background.
/// </summary>
public sealed partial class SearchIndex : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly IndexTables _tables;
    private readonly SearchIndexOptions _options;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly SourceStore _sources;
    private readonly SegmentBuilder _builder;
    private readonly SegmentSet _segments;
    private readonly BufferedProducts _buffered = new();
    private readonly ProductInterning _interning;
    private readonly CancellationTokenSource _stop = new();
    private Task _merging = Task.CompletedTask;
    private Exception? _mergeFailure;
    private volatile SearchSnapshot _snapshot;

    public SearchIndex(SearchIndexOptions? options = null, TimeProvider? time = null)
        : this(options ?? new SearchIndexOptions(), time, new SourceStore(options?.SourceFolder), new IndexTables(), [], generation: 0)
    {
    }

    private SearchIndex(SearchIndexOptions options, TimeProvider? time, SourceStore sources, IndexTables tables, SegmentView[] segments, long generation)
    {
        _options = options;
        _time = time ?? TimeProvider.System;
        _began = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _sources = sources;
        _tables = tables;
        _interning = new ProductInterning(tables, options.Popularity);
        _builder = new SegmentBuilder(_tables.Terms, _options.Ranking, Math.Min(_options.BufferedProducts, 1024));
        _segments = new SegmentSet(_options.MergeFactor, _tables.Terms, segments);
        _snapshot = NewSnapshot(generation, segments, release: false);
    }

    /// <summary>What was published last.</summary>
    public SearchSnapshot Snapshot => _snapshot;

    public int SegmentCount
    {
        get
        {
            lock (_lock)
            {
                return _segments.Count;
            }
        }
    }

    /// <summary>Adds a product or replaces the one of the same id; searches find it after <see cref="Publish"/>.</summary>
    /// <param name="source">The shop's bytes; copied.</param>
    /// <param name="timestampMs">The log's time, Unix milliseconds.</param>
    public void Upsert(ProductDocument product, ReadOnlySpan<byte> source, long timestampMs)
    {
        lock (_lock)
        {
            var key = new ProductKey(product.Id, stackalloc byte[ProductKey.BufferSize(product.Id)]);
            DeleteLive(product.Id, key);
            var row = new ProductRow
            {
                Timestamp = timestampMs,
                Facts = _interning.FactsOf(product),
                Source = _sources.Append(source),
            };
            var doc = _builder.Add(product, key, row, _interning.SpecificationsOf(product));
            _buffered.Add(product.Id, doc, row);
            _tables.CountUse(row.Facts, 1);
            if (_builder.Count >= _options.BufferedProducts)
            {
                PublishChanges();
            }
        }

        WaitForMerges();
    }

    /// <summary>Takes a product out at the next <see cref="Publish"/>; false when there is none.</summary>
    public bool Delete(string productId)
    {
        lock (_lock)
        {
            return DeleteLive(productId, new ProductKey(productId, stackalloc byte[ProductKey.BufferSize(productId)]));
        }
    }

    /// <summary>Asks <see cref="SearchIndexOptions.Popularity"/> again about a product; takes effect at once, published or not.</summary>
    public void RefreshPopularity(string productId)
    {
        if (_options.Popularity is not { } popularity)
        {
            return;
        }

        lock (_lock)
        {
            if (_segments.TryFind(new ProductKey(productId, stackalloc byte[ProductKey.BufferSize(productId)]), out var segment, out var doc))
            {
                segment.Columns.Facts[doc].Popularity = popularity.Of(productId);
            }
        }
    }

    /// <summary>Makes every change so far visible; cheap when there is none.</summary>
    public SearchSnapshot Publish()
    {
        lock (_lock)
        {
            if (_mergeFailure is { } failure)
            {
                throw new InvalidOperationException("Merging segments failed.", failure);
            }

            PublishChanges();
            return _snapshot;
        }
    }

    /// <summary>Waits until no merge is under way or due.</summary>
    public async Task WhenMergedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task merging;
            lock (_lock)
            {
                ScheduleMerge();
                merging = _merging;
            }

            if (merging.IsCompleted)
            {
                return;
            }

            await merging.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _merging;
        _stop.Dispose();
    }

    private bool DeleteLive(string productId, in ProductKey key)
    {
        if (!_buffered.Remove(productId, out var row) && !_segments.Delete(key, out row))
        {
            return false;
        }

        _sources.MarkDead(row.Source);
        _tables.CountUse(row.Facts, -1);
        return true;
    }

    private void PublishChanges()
    {
        if (_builder.Count > 0)
        {
            var count = _builder.Count;
            var segment = _builder.Seal();
            segment.Columns.NoteVisible(_began, _time.GetUtcNow().ToUnixTimeMilliseconds());
            _segments.Add(segment, _buffered.TakeRemoved(count));
        }

        if (_segments.HasChanged)
        {
            _snapshot = NewSnapshot(_snapshot.Generation + 1, _segments.Publish(), release: true);
            ScheduleMerge();
        }
    }

    /// <param name="release">Whether chunks without a living product are let go of.</param>
    private SearchSnapshot NewSnapshot(long generation, SegmentView[] segments, bool release)
    {
        var snapshot = new SearchSnapshot(generation, segments, _sources.Publish(release), _tables, _options);
        _tables.Terms.CountedFor = generation;
        return snapshot;
    }

    private void ScheduleMerge()
    {
        if (_merging.IsCompleted && _mergeFailure is null && !_stop.IsCancellationRequested && _segments.PickMerge() is { } picked)
        {
            var chunks = _snapshot.Chunks;

            // Where the publication runs: a host that gives its writer a lower priority means the merges, too.
            _merging = Task.Factory.StartNew(() => Merge(picked, chunks), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
        }
    }

    private void Merge(IReadOnlyList<SegmentView> picked, SourceChunk?[] chunks)
    {
        try
        {
            var result = SegmentMerger.Merge(picked, chunks, _sources, _stop.Token);
            lock (_lock)
            {
                Adopt(picked, result);
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (Exception e)
        {
            // The next Publish reports it: a merge that fails must not die in silence.
            lock (_lock)
            {
                _mergeFailure = e;
            }
        }
    }

    private void Adopt(IReadOnlyList<SegmentView> picked, MergeResult result)
    {
        foreach (var (term, products) in result.Dropped)
        {
            _tables.Terms.AddFrequency(term, -products);
        }

        var deleted = _segments.Replace(picked, result);
        foreach (var (doc, from) in result.Moved)
        {
            // Deleted while the merge ran: its old bytes were counted then, and nobody needs the new ones.
            var isDeleted = deleted is not null && (deleted[doc >> 6] & (1UL << doc)) != 0;
            _sources.MarkDead(isDeleted ? result.Segment!.Columns.Sources[doc] : from);
        }

        // The same products in other segments: visible at once, so that the old ones can go. Deletes since the last publication stay unseen.
        _snapshot = NewSnapshot(_snapshot.Generation + 1, _segments.Views(), release: false);
        _merging = Task.CompletedTask;
        ScheduleMerge();
    }

    private void WaitForMerges()
    {
        while (_segments.Count > _options.MaxSegments && _merging is { IsCompleted: false } merging)
        {
            merging.Wait(_stop.Token);
        }
    }
}
