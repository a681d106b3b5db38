using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Hosting.Snapshots;
using Marketplace.Gateway.Topics;
using Marketplace.Recommendations;
using Marketplace.Recommendations.Evaluation;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.ReadModels;

/// <summary>
/// The recommendations, kept by what is on sale and by what clients do. The two topics come on threads of their own and take
/// turns; that a product is not on sale any more waits for neither.
/// </summary>
public sealed class RecommendationsModel : IReadModel, IFeedReader<EventBatch>, ISnapshotted
{
    private const string FileName = "recommendations.snapshot";

    private readonly Lock _turn = new();
    private readonly RecommendationModel _model;
    private readonly LiveEvaluation _live;
    private readonly SearchPopularity? _popularity;
    private readonly ModelPositions _positions;
    private readonly ReceivedFloor _floor;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private long _unsaved;

    private RecommendationsModel(
        RecommendationModel model, ModelPositions positions, ModelPositions ends, LiveEvaluation live, SearchPopularity? popularity, string folder, TimeProvider time)
    {
        (_model, _positions, _live, _popularity, _folder, _time) = (model, positions, live, popularity, folder, time);
        _floor = new ReceivedFloor(positions, ends, TopicNames.ClientEvents);
        popularity?.Watch(model);
    }

    public string Name => "recommendations";

    public string Summary => $"{_model.ProductCount} products and {_model.ClientCount} clients known";

    public RecommendationModel Model => _model;

    /// <summary>Whether what was shown was bought next.</summary>
    public LiveEvaluation Live => _live;

    public long Unsaved => Volatile.Read(ref _unsaved);

    /// <summary>From the folder's snapshot, or empty where there is none that fits; then all is learnt from the log again.</summary>
    internal static RecommendationsModel Open(string folder, RecommendationOptions options, ModelPositions ends, LiveEvaluation live, SearchPopularity? popularity, TimeProvider time)
    {
        if (SnapshotFile.TryOpen(Path.Combine(folder, FileName), time, stream =>
        {
            var model = RecommendationModel.Load(stream, options, out var position);
            return ModelPositions.Read(position) is { } reached && reached.FitsIn(ends) ? new RecommendationsModel(model, reached, ends, live, popularity, folder, time) : null;
        }) is { } known)
        {
            return known;
        }

        return new RecommendationsModel(
            new RecommendationModel(options), ends.AtBeginOf(TopicNames.FilteredProducts, TopicNames.ClientEvents), ends, live, popularity, folder, time);
    }

    long IFeedReader<CatalogBatch>.StartOf(int partition) => _positions[TopicNames.FilteredProducts, partition];

    long IFeedReader<EventBatch>.StartOf(int partition) => _positions[TopicNames.ClientEvents, partition];

    public void Apply(CatalogBatch batch, int first)
    {
        // A removal is one word that is written, so it waits for no snapshot; done again below, in its turn, it changes nothing.
        for (var i = first; i < batch.Count; i++)
        {
            if (batch.Product(i) is null && batch[i].Key is { } key)
            {
                _model.Remove(key.Span);
            }
        }

        lock (_turn)
        {
            for (var i = first; i < batch.Count; i++)
            {
                if (batch.Product(i) is { } product)
                {
                    _model.Upsert(product);
                }
                else if (batch[i].Key is { } key)
                {
                    _model.Remove(key.Span);
                }
            }

            _positions[TopicNames.FilteredProducts, batch.Partition] = batch.NextOffset;
            _unsaved += batch.Count - first;
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
                    var clientEvent = ToEvent(batch.Event(i), batch[i].Timestamp);
                    _model.Apply(clientEvent);
                    _live.Observe(clientEvent);
                    _popularity?.Touch(clientEvent.ProductId);
                }
            }

            _positions[TopicNames.ClientEvents, batch.Partition] = batch.NextOffset;
            _floor.Reached(TopicNames.ClientEvents, batch);
            _unsaved += batch.Count - first;
        }
    }

    public void Publish()
    {
        lock (_turn)
        {
            _model.Publish();
        }

        _popularity?.Refresh();
    }

    public void Save()
    {
        lock (_turn)
        {
            // Here, since a snapshot is made only after so many events and walks over all clients anyway.
            _model.ForgetHistoriesOver(_floor.At(_time.GetUtcNow()));
            StateFile.Write(Path.Combine(_folder, FileName), stream => _model.Save(stream, _positions.Write()));
            _unsaved = 0;
        }
    }

    private static ClientEvent ToEvent(in ParsedEvent parsed, long receivedAt) => new()
    {
        Kind = parsed.Kind,
        UserId = parsed.UserId.Span,
        SessionId = parsed.SessionId.Span,
        ProductId = parsed.ProductId.Span,
        OccurredAt = parsed.OccurredAt,
        ReceivedAt = receivedAt,
        Quantity = parsed.Quantity,
        Rating = parsed.Rating,
    };
}
