using System.Text;
using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting.Snapshots;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;
using Marketplace.Search;

namespace Marketplace.Gateway.ReadModels;

/// <summary>The search index, kept by the log; on the disk it is kept with the positions up to which it knows it.</summary>
public sealed partial class SearchModel : IReadModel, ISnapshotted
{
    private const string FileName = "index.snapshot";

    private readonly SearchIndex _index;
    private readonly ModelPositions _positions;
    private readonly string _path;
    private readonly string _folder;

    /// <summary>When products were accepted that become visible with the next publishing, and their spans.</summary>
    private readonly List<long> _accepted = [];
    private readonly RecordSpans _spans = new();
    private long _unsaved;

    private SearchModel(SearchIndex index, ModelPositions positions, string path) => (_index, _positions, _path, _folder) = (index, positions, path, Path.GetDirectoryName(path)!);

    public string Name => "search";

    public string Summary => $"{Snapshot.Count} products";

    public SearchSnapshot Snapshot => _index.Snapshot;

    public SearchIndex Index => _index;

    /// <summary>Told how long products took until they could be found.</summary>
    public FreshnessMetrics? Freshness { get; set; }

    /// <summary>Bytes of the index and its products on the disk.</summary>
    public long SizeOnDisk => Directory.Exists(_folder) ? new DirectoryInfo(_folder).EnumerateFiles().Sum(file => file.Exists ? file.Length : 0) : 0;

    public long Unsaved => Volatile.Read(ref _unsaved);

    /// <summary>From the source folder's snapshot, or empty where there is none that fits; then all is learnt from the log again.</summary>
    internal static SearchModel Open(SearchIndexOptions options, ModelPositions ends, TimeProvider time, ILogger<SearchModel> logger)
    {
        var path = Path.Combine(options.SourceFolder!, FileName);
        var known = SnapshotFile.TryOpen(path, time, stream =>
        {
            try
            {
                var index = SearchIndex.Load(stream, options, out var tag, time);
                return ModelPositions.Read(tag) is { } reached && reached.FitsIn(ends) ? new SearchModel(index, reached, path) : null;
            }
            catch (InvalidDataException e)
            {
                Log.Damaged(logger, e);
                throw;
            }
        });
        if (known is not null)
        {
            return known;
        }

        // It begins the products' files anew; the snapshot would find the next time that they are gone.
        var empty = new SearchIndex(options, time);
        File.Delete(path);
        return new SearchModel(empty, ends.AtBeginOf(TopicNames.FilteredProducts), path);
    }

    public long StartOf(int partition) => _positions[TopicNames.FilteredProducts, partition];

    public void Apply(CatalogBatch batch, int first)
    {
        for (var i = first; i < batch.Count; i++)
        {
            ref readonly var record = ref batch[i];
            if (batch.Product(i) is { } product)
            {
                _index.Upsert(product, record.Value!.Value.Span, record.Timestamp);
                Note(record.Headers);
            }
            else if (record.Key is { } key)
            {
                _index.Delete(Encoding.UTF8.GetString(key.Span));
            }
        }

        // Behind the changes: a snapshot may have more than its positions say, which is then applied twice, and never less.
        _positions[TopicNames.FilteredProducts, batch.Partition] = batch.NextOffset;
        Interlocked.Add(ref _unsaved, batch.Count - first);
    }

    public void Publish()
    {
        _index.Publish();
        foreach (var acceptedAt in _accepted)
        {
            Freshness!.Searchable(acceptedAt);
        }

        _accepted.Clear();
        _spans.End();
    }

    public void Save()
    {
        var saved = Unsaved;
        _index.Save(_path, _positions.Write);
        Interlocked.Add(ref _unsaved, -saved);
    }

    private void Note(in RecordHeaders headers)
    {
        if (Freshness is not null && FilterRecords.AcceptedAt(headers) is { } acceptedAt && Freshness.IsLive(acceptedAt))
        {
            _accepted.Add(acceptedAt);
        }

        _spans.Continue("index product", headers);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of search is damaged, or of another version or other weights; the index is built from the log again")]
        public static partial void Damaged(ILogger logger, Exception exception);
    }
}
