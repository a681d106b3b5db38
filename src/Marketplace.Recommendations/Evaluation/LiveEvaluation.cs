using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Marketplace.Recommendations.Storage;

namespace Marketplace.Recommendations.Evaluation;

/// <summary>
/// The offline metrics on live traffic: was what a client bought next in the list they were shown last, and at which place?
/// Instruments of the meter <see cref="MeterName"/>; hit rate, NDCG and MRR are their sums divided by <c>purchases</c>.
/// Lists are kept in a table of fixed size, where a client may push out another's: a sample, bounded in memory. Safe from any thread.
/// </summary>
public sealed class LiveEvaluation : IDisposable
{
    public const string MeterName = "Marketplace.Recommendations";
    private const int DefaultCapacity = 1 << 16;

    /// <summary>In milliseconds: who says when something happened may say so in whole seconds.</summary>
    private const long Second = 1000;

    /// <summary>As the API names them.</summary>
    private static readonly Dictionary<ReasonKind, string> Names =
        Enum.GetValues<ReasonKind>().ToDictionary(kind => kind, kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    private readonly ShownList?[] _lists;
    private readonly long _windowMs;
    private readonly Meter _meter;
    private readonly Counter<long> _shown;
    private readonly Counter<long> _purchases;
    private readonly Counter<long> _hits;
    private readonly Counter<double> _ndcg;
    private readonly Counter<double> _reciprocalRanks;

    /// <param name="window">How long after a list was shown a purchase is judged by it.</param>
    /// <param name="capacity">For how many clients the last list is kept; rounded up to a power of two.</param>
    public LiveEvaluation(TimeSpan window, int capacity = DefaultCapacity, IMeterFactory? meters = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _lists = new ShownList?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _windowMs = (long)window.TotalMilliseconds;
        _meter = meters?.Create(MeterName) ?? new Meter(MeterName);
        _shown = _meter.CreateCounter<long>("marketplace.recommendations.shown", "{item}", "Items shown, by kind of reason.");
        _purchases = _meter.CreateCounter<long>("marketplace.recommendations.purchases", "{purchase}", "Purchases by clients who had been shown a list.");
        _hits = _meter.CreateCounter<long>("marketplace.recommendations.hits", "{purchase}", "Those of a product that was in the list.");
        _ndcg = _meter.CreateCounter<double>("marketplace.recommendations.ndcg", "1", "Sum over them of 1 / log2(rank + 1).");
        _reciprocalRanks = _meter.CreateCounter<double>("marketplace.recommendations.reciprocal_ranks", "1", "Sum over them of 1 / rank.");

        // A counter that is not there before its first event hides that event from whoever looks for growth.
        foreach (var name in Names.Values)
        {
            _shown.Add(0, new KeyValuePair<string, object?>("kind", name));
        }

        _purchases.Add(0);
        _hits.Add(0);
        _ndcg.Add(0);
        _reciprocalRanks.Add(0);
    }

    /// <summary>The client was shown this list.</summary>
    public void Shown(string clientId, IReadOnlyList<Recommendation> list, DateTimeOffset now)
    {
        foreach (var kind in list.CountBy(item => item.Reason.Kind))
        {
            _shown.Add(kind.Value, new KeyValuePair<string, object?>("kind", Names[kind.Key]));
        }

        var client = HashOf(clientId);
        var products = list.Select(item => HashOf(item.ProductId)).ToArray();
        Volatile.Write(ref _lists[client & (ulong)(_lists.Length - 1)], new ShownList(client, products, now.ToUnixTimeMilliseconds()));
    }

    /// <summary>To be called with every event; only purchases count.</summary>
    public void Observe(in ClientEvent clientEvent)
    {
        if (clientEvent.Kind != ClientEventKind.Purchase)
        {
            return;
        }

        var client = StableHash.Of(clientEvent.UserId.IsEmpty ? clientEvent.SessionId : clientEvent.UserId);
        var list = Volatile.Read(ref _lists[client & (ulong)(_lists.Length - 1)]);
        if (list is null || list.Client != client || clientEvent.OccurredAt <= list.At - Second || clientEvent.OccurredAt > list.At + _windowMs)
        {
            return;
        }

        _purchases.Add(1);
        var place = list.Products.AsSpan().IndexOf(StableHash.Of(clientEvent.ProductId));
        if (place >= 0)
        {
            _hits.Add(1);
            _ndcg.Add(1 / Math.Log2(place + 2));
            _reciprocalRanks.Add(1d / (place + 1));
        }
    }

    public void Dispose() => _meter.Dispose();

    private static ulong HashOf(string id) => StableHash.Of(Encoding.UTF8.GetBytes(id));

    private sealed record ShownList(ulong Client, ulong[] Products, long At);
}
