using Marketplace.Products;
using Marketplace.Recommendations.Behaviour;
using Marketplace.Recommendations.Catalog;
using Marketplace.Recommendations.Clients;
using Marketplace.Recommendations.Content;
using Marketplace.Recommendations.Popularity;
using Marketplace.Recommendations.Ranking;
using Marketplace.Recommendations.Storage;

namespace Marketplace.Recommendations;

/// <summary>
/// What each client may like, from products and from what clients do, updated with every event. One writer at a time; any number
/// of readers beside it, without locks. A change counts for readers at once, except the charts of what all want:
/// those are as of the last <see cref="Publish"/>.
/// </summary>
public sealed partial class RecommendationModel
{
    /// <summary>The longest list that is made; a higher limit means this one.</summary>
    public const int MaxLimit = 1000;

    private const int MaxCountedQuantity = 10;

    private readonly RecommendationOptions _options;
    private readonly ProductCatalog _catalog = new();
    private readonly ContentIndex _content = new();
    private readonly PopularityModel _popularity;
    private readonly BehaviourChannel _buying;
    private readonly BehaviourChannel _browsing;
    private readonly Recommender _recommender;
    private ClientHistories _clients;

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message names it.</exception>
    public RecommendationModel(RecommendationOptions? options = null)
    {
        _options = (options ?? RecommendationOptions.Default).Validated();
        _clients = new ClientHistories(_options);
        _popularity = new PopularityModel(item => _catalog.MayBeShown(item) ? StableHash.Of(_catalog.Ids.BytesOf(item)) : null, () => _catalog.Count);
        _buying = new BehaviourChannel(_options.Buying);
        _browsing = new BehaviourChannel(_options.Browsing);
        _recommender = new Recommender(_options, _catalog, _content, _popularity, _buying, _browsing);
    }

    /// <summary>Products ever heard of, also those that are not on sale.</summary>
    public int ProductCount => _catalog.Count;

    /// <summary>Users and sessions of whom something is known.</summary>
    public int ClientCount => Volatile.Read(ref _clients).Table.Count;

    /// <summary>
    /// How many neighbours of products were pruned since the beginning. While it is 0, the counts are the same in whatever order
    /// the clients' events are mixed.
    /// </summary>
    public long PrunedNeighbours => _buying.Transitions.Pruned + _browsing.Transitions.Pruned;

    /// <summary>For the writer: the product is on sale, as it is here.</summary>
    public void Upsert(ProductDocument product)
    {
        Span<byte> id = stackalloc byte[Math.Min(IdTable.MaxIdBytes, 3 * product.Id.Length)];
        var item = _catalog.Ids.FindOrAdd(id[..System.Text.Encoding.UTF8.GetBytes(product.Id, id)]);
        _content.Set(item, product);
        _catalog.Set(item, product);
        _popularity.Consider(item);
    }

    /// <summary>For the writer: the product is not on sale any more, banned or withdrawn. False when it was not.</summary>
    public bool Remove(string productId) => Remove(_catalog.Ids.Find(productId));

    /// <inheritdoc cref="Remove(string)"/>
    /// <param name="productId">In UTF-8.</param>
    public bool Remove(ReadOnlySpan<byte> productId) => Remove(_catalog.Ids.Find(productId));

    /// <summary>
    /// For the writer: learns from an event. A product not known yet is held until it is; without a client the event still
    /// counts for the product's popularity.
    /// </summary>
    /// <exception cref="ArgumentException">No product, or a longer identifier than there may be.</exception>
    public void Apply(in ClientEvent clientEvent)
    {
        var item = _catalog.Ids.FindOrAdd(clientEvent.ProductId);
        var user = _clients.Table.FindOrAdd(clientEvent);
        if (user >= 0)
        {
            _clients.See(user, Seconds(clientEvent.ReceivedAt > 0 ? clientEvent.ReceivedAt : clientEvent.OccurredAt));
        }

        var time = Math.Max(0, clientEvent.ReceivedAt > 0 ? Math.Min(clientEvent.OccurredAt, clientEvent.ReceivedAt) : clientEvent.OccurredAt);
        var seconds = Seconds(time);
        switch (clientEvent.Kind)
        {
            case ClientEventKind.View:
                Browse(user, new ClientAction(item, ActionKind.View, seconds), time);
                break;
            case ClientEventKind.AddToCart:
                Browse(user, new ClientAction(item, ActionKind.AddToCart, seconds), time);
                break;
            case ClientEventKind.RemoveFromCart when user >= 0:
                _browsing.Reconsider(_clients.Browsing.Read(user), item, from: ActionKind.AddToCart, to: ActionKind.View);
                break;
            case ClientEventKind.Purchase:
                Buy(user, new ClientAction(item, ActionKind.Purchase, seconds), time, Math.Clamp(clientEvent.Quantity, 1, MaxCountedQuantity));
                break;
            case ClientEventKind.Review when clientEvent.Rating > 0:
                Review(user, item, clientEvent.Rating, seconds, time);
                break;
        }
    }

    /// <summary>For the writer: brings the charts up to date. To be called after a batch of changes; costs well under a millisecond as a rule.</summary>
    public void Publish() => _popularity.Refresh();

    /// <summary>
    /// What this client may like, the best first; what all want for one of whom nothing is known. An identifier that is no user's
    /// may be a session's. Never what is banned, withdrawn or sold out.
    /// </summary>
    public IReadOnlyList<Recommendation> Recommend(string userId, int limit, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var clients = Volatile.Read(ref _clients);
        var nowSeconds = now.ToUnixTimeMilliseconds() / 1000d;
        var client = clients.Find(userId, nowSeconds);
        var interests = client < 0
            ? Interests.None
            : new Interests([.. clients.LatestBuying(client)], [.. clients.LatestBrowsing(client)], nowSeconds);
        return _recommender.Recommend(interests, Math.Min(limit, MaxLimit));
    }

    /// <summary>Products like this one, the best first; none for a product that is not on sale.</summary>
    public IReadOnlyList<Recommendation> Similar(string productId, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        var item = _catalog.Ids.Find(productId);
        return item >= 0 && _catalog.IsListed(item) ? _recommender.Similar(item, Math.Min(limit, MaxLimit)) : [];
    }

    /// <summary>True for a product that is neither banned nor withdrawn; it may be sold out.</summary>
    public bool IsOnSale(string productId) => _catalog.Ids.Find(productId) is var item and >= 0 && _catalog.IsListed(item);

    /// <summary>
    /// Base-2 logarithm of the popularity, the same at every later instant, so that two products may be compared by what was read
    /// at different times; negative infinity when nobody wanted the product. One more is twice as popular.
    /// </summary>
    public double PopularityLogOf(string productId) => _catalog.Ids.Find(productId) is var item and >= 0 ? _popularity.PopularLog(item) : double.NegativeInfinity;

    /// <summary>What <see cref="PopularityLogOf"/> says of a product that was wanted once, by one unit, at this instant.</summary>
    public static double PopularityLogOfOne(DateTimeOffset now) => PopularityModel.LogOfOne(now.ToUnixTimeMilliseconds());

    private static uint Seconds(long milliseconds) => (uint)Math.Clamp(milliseconds / 1000, 0, uint.MaxValue);

    private bool Remove(int item)
    {
        if (item < 0 || !_catalog.IsListed(item))
        {
            return false;
        }

        _catalog.Remove(item);
        return true;
    }

    private void Browse(int user, ClientAction action, long time)
    {
        // A product looked at again and again in a row is counted once.
        if (user < 0 || _browsing.Record(ref _clients.Browsing.At(user)!, action))
        {
            _popularity.Count(action.Item, time, _options.Popularity.Of(action.Kind));
        }
    }

    private void Buy(int user, ClientAction action, long time, int quantity)
    {
        if (user >= 0)
        {
            _browsing.Record(ref _clients.Browsing.At(user)!, action);
            _buying.Record(ref _clients.Buying.At(user)!, action);
        }

        _popularity.Count(action.Item, time, quantity * _options.Popularity.Purchase);
    }

    private void Review(int user, int item, int rating, uint seconds, long time)
    {
        if (rating >= _options.LikedFrom)
        {
            // Whoever praises what was not bought here has bought it elsewhere.
            if (user >= 0 && !_buying.Reconsider(_clients.Buying.Read(user), item, from: ActionKind.Purchase, to: ActionKind.Liked))
            {
                _buying.Record(ref _clients.Buying.At(user)!, new ClientAction(item, ActionKind.Liked, seconds));
            }

            _popularity.Count(item, time, _options.Popularity.Liked);
        }
        else if (rating <= _options.DislikedUpTo && user >= 0 && !_buying.Reconsider(_clients.Buying.Read(user), item, from: null, to: ActionKind.Disliked))
        {
            _buying.Record(ref _clients.Buying.At(user)!, new ClientAction(item, ActionKind.Disliked, seconds));
        }
    }
}
