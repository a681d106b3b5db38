using System.Diagnostics.Metrics;
using System.IO.Hashing;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.Hosting.Snapshots;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Topics;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

/// <summary>The counts, kept by what clients do, by what they search and by what the products are; the topics take turns, and so does who asks.</summary>
internal sealed class AnalyticsModel : IReadModel, IFeedReader<EventBatch>, IFeedReader<QueryBatch>, ISnapshotted
{
    private const string MeterName = "Marketplace.Analytics";
    private const string FileName = "analytics.snapshot";
    private const ulong Magic = 0x32504e534c414e41; // "ANALSNP2"
    private const int MaxPositionBytes = 16 * 1024 * 1024;
    private const int MaxCategoryCharacters = 256;

    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(5);

    private readonly Lock _turn = new();
    private readonly AnalyticsState _state;
    private readonly ModelPositions _positions;
    private readonly ReceivedFloor _floor;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private DateTimeOffset _forgotten;
    private long _unsaved;

    private AnalyticsModel(AnalyticsState state, ModelPositions positions, ModelPositions ends, string folder, TimeProvider time)
    {
        (_state, _positions, _folder, _time) = (state, positions, folder, time);
        _floor = new ReceivedFloor(positions, ends, TopicNames.ClientEvents, TopicNames.ClientQueries);
    }

    public string Name => "analytics";

    public string Summary => $"{_state.Days.Count} days, {_state.Clients.Count} clients";

    public long Unsaved => Volatile.Read(ref _unsaved);

    public static AnalyticsModel Open(string folder, ModelPositions ends, TimeProvider time, IMeterFactory meters)
    {
        var model = SnapshotFile.TryOpen(Path.Combine(folder, FileName), time, stream => Load(stream, ends, folder, time))
            ?? new AnalyticsModel(new AnalyticsState(), ends.AtBeginOf(TopicNames.FilteredProducts, TopicNames.ClientEvents, TopicNames.ClientQueries), ends, folder, time);
        meters.Create(MeterName).CreateObservableCounter(
            "marketplace.analytics.unnamed_searches", () => model._state.UnnamedSearches, "{query}", "Searches that only totals count: too many different texts were searched for before.");
        return model;
    }

    /// <summary>Asks while nothing changes.</summary>
    public T Ask<T>(Func<AnalyticsReports, T> question)
    {
        lock (_turn)
        {
            return question(new AnalyticsReports(_state));
        }
    }

    long IFeedReader<CatalogBatch>.StartOf(int partition) => _positions[TopicNames.FilteredProducts, partition];

    long IFeedReader<EventBatch>.StartOf(int partition) => _positions[TopicNames.ClientEvents, partition];

    long IFeedReader<QueryBatch>.StartOf(int partition) => _positions[TopicNames.ClientQueries, partition];

    public void Apply(CatalogBatch batch, int first)
    {
        lock (_turn)
        {
            for (var i = first; i < batch.Count; i++)
            {
                if (batch.Product(i) is { } product)
                {
                    _state.Describe(product.Id, Cut(product.Category), Cut(product.StoreId));
                }
            }

            Reached(TopicNames.FilteredProducts, batch, batch.Count - first);
        }
    }

    void IFeedReader<EventBatch>.Apply(EventBatch batch, int first)
    {
        lock (_turn)
        {
            for (var i = first; i < batch.Count; i++)
            {
                if (batch.Counts(i))
                {
                    ref readonly var parsed = ref batch.Event(i);
                    _state.Count(new AnalyticsEvent(
                        parsed.Kind,
                        _state.ClientOf(parsed),
                        _state.Products.FindOrAdd(parsed.ProductId.Span),
                        AnalyticsEvent.Seconds(parsed.TimeFor(batch[i].Timestamp)),
                        AnalyticsEvent.Seconds(batch[i].Timestamp),
                        parsed.Quantity,
                        parsed.Rating,
                        parsed.Price,
                        parsed.Currency,
                        parsed.QueryId.IsEmpty ? 0 : HashOf(parsed.QueryId.Span)));
                }
            }

            Reached(TopicNames.ClientEvents, batch, batch.Count - first);
            _floor.Reached(TopicNames.ClientEvents, batch);
        }
    }

    void IFeedReader<QueryBatch>.Apply(QueryBatch batch, int first)
    {
        lock (_turn)
        {
            for (var i = first; i < batch.Count; i++)
            {
                if (batch.Query(i) is { IsPage: false } query)
                {
                    _state.CountSearch(HashOf(query.Id.Span), query.Text.Span, query.Total, AnalyticsEvent.Seconds(query.At), AnalyticsEvent.Seconds(batch[i].Timestamp));
                }
            }

            Reached(TopicNames.ClientQueries, batch, batch.Count - first);
            _floor.Reached(TopicNames.ClientQueries, batch);
        }
    }

    /// <summary>What was applied is seen at once; here is only the time for housekeeping.</summary>
    public void Publish()
    {
        var now = _time.GetUtcNow();
        if (now - _forgotten < ForgetInterval)
        {
            return;
        }

        lock (_turn)
        {
            _state.Forget(AnalyticsEvent.Seconds(_floor.At(now).ToUnixTimeMilliseconds()));
            _forgotten = now;
        }
    }

    public void Save()
    {
        lock (_turn)
        {
            StateFile.Write(Path.Combine(_folder, FileName), stream =>
            {
                var writer = new SnapshotWriter(stream);
                writer.Write(Magic);
                var position = _positions.Write();
                writer.Write(position.Length);
                writer.Write<byte>(position);
                _state.Save(writer);
                writer.Complete();
            });
            _unsaved = 0;
        }
    }

    /// <summary>The same in every process: the hash stands in snapshots.</summary>
    private static UInt128 HashOf(ReadOnlySpan<byte> queryId) => XxHash128.HashToUInt128(queryId);

    private static string? Cut(string? name) => name is { Length: > MaxCategoryCharacters } ? name[..MaxCategoryCharacters] : name;

    private static AnalyticsModel? Load(Stream stream, ModelPositions ends, string folder, TimeProvider time)
    {
        var reader = new SnapshotReader(stream);
        if (reader.Read<ulong>() != Magic)
        {
            return null;
        }

        var position = new byte[reader.ReadCount(MaxPositionBytes)];
        reader.Read(position.AsSpan());
        if (ModelPositions.Read(position) is not { } reached || !reached.FitsIn(ends))
        {
            return null;
        }

        var state = AnalyticsState.Load(reader);
        reader.Complete();
        return new AnalyticsModel(state, reached, ends, folder, time);
    }

    private void Reached(string topic, FeedBatch batch, int records)
    {
        _positions[topic, batch.Partition] = batch.NextOffset;
        _unsaved += records;
    }
}
