using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;
using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Analytics;

/// <summary>
/// What clients did, in counts by day (UTC) and what is needed to count on. Only sums of integers and decimals: the same in
/// whatever order the clients' events are mixed, as long as each client's stay in theirs.
/// </summary>
/// <param name="maxTexts">Anyone may search for anything, so no further text gets a name beyond so many, or so many bytes.</param>
internal sealed class AnalyticsState(int maxTexts = AnalyticsState.MaxTexts, long maxTextBytes = AnalyticsState.MaxTextBytes)
{
    private const int MaxTexts = 1 << 21;
    private const long MaxTextBytes = 128L << 20;

    private static readonly byte[] UserPrefix = "u"u8.ToArray();
    private static readonly byte[] SessionPrefix = "s"u8.ToArray();

    private readonly Funnel _funnel = new();
    private readonly PurchasePairs _pairs = new();
    private readonly Clicks _clicks = new();

    public IdTable Products { get; } = new();

    public IdTable Clients { get; } = new();

    /// <summary>What was searched for: lower case, one blank between words.</summary>
    public IdTable Texts { get; } = new();

    /// <summary>Searches since the start of texts that got no name any more: they are in the totals only.</summary>
    public long UnnamedSearches { get; private set; }

    /// <summary>Names of categories and stores.</summary>
    public IdTable Names { get; } = new();

    /// <summary>By product: the number of its category, and of its store, plus one; 0: none, or not known.</summary>
    public ChunkedArray<int> Categories { get; } = new();

    public ChunkedArray<int> Stores { get; } = new();

    /// <summary>By client.</summary>
    public ChunkedArray<ActiveWeeks> Weeks { get; } = new();

    public SortedDictionary<int, DayTable> Days { get; } = [];

    /// <summary>What is waiting for its end, for tests of what is given back.</summary>
    public int OpenEntries => _funnel.OpenCount;

    /// <summary>The number of a user, or of a session of nobody known: the two are never taken for each other.</summary>
    public int ClientOf(in ParsedEvent parsed) => NumberOf(Clients, parsed.UserId.IsEmpty ? SessionPrefix : UserPrefix, parsed.Client.Span);

    public bool IsUser(int client) => Clients.BytesOf(client)[0] == UserPrefix[0];

    /// <summary>The product as it is on sale; it keeps its names when it is not any more.</summary>
    public void Describe(string productId, string? category, string? store)
    {
        var product = Products.FindOrAdd(System.Text.Encoding.UTF8.GetBytes(productId));
        Categories.At(product) = NameOf(category);
        Stores.At(product) = NameOf(store);
    }

    public void Count(in AnalyticsEvent e)
    {
        var day = DayOf(e.Day);
        day.Count(e);
        _funnel.Count(e, DayOf);
        if (e.Kind == ClientEventKind.Purchase)
        {
            _pairs.Count(e, day);
        }

        if (IsUser(e.Client))
        {
            Weeks.At(e.Client).Add(e.Day / ActiveWeeks.DaysPerWeek);
        }

        if (e.Query != 0 && _clicks.Click(e.Query, e.Received) is { } clicked)
        {
            DayOf(clicked.Day).OfSearch(clicked.Text).Clicked++;
        }
    }

    /// <summary>A search, as <c>client-queries</c> has it; the same again counts for nothing.</summary>
    public void CountSearch(UInt128 query, ReadOnlySpan<byte> text, long total, uint at, uint received)
    {
        var number = NumberOf(text);
        var day = AnalyticsEvent.DayOf(Math.Min(at, received));
        if (_clicks.Search(query, received, day, number, out var isClicked))
        {
            ref var counts = ref DayOf(day).OfSearch(number);
            counts.Total++;
            counts.Empty += total == 0 ? 1u : 0;
            counts.Clicked += isClicked ? 1u : 0;
        }
    }

    /// <summary>Gives back what no event that is still to come can change.</summary>
    /// <inheritdoc cref="Funnel.Forget"/>
    public void Forget(uint received)
    {
        _funnel.Forget(received);
        _pairs.Forget(received);
        _clicks.Forget(received);
    }

    public void Save(SnapshotWriter writer)
    {
        Products.Save(writer);
        Clients.Save(writer);
        Texts.Save(writer);
        Names.Save(writer);
        Categories.Save(writer);
        Stores.Save(writer);
        Weeks.Save(writer);
        _funnel.Save(writer);
        _pairs.Save(writer);
        _clicks.Save(writer);
        writer.Write(Days.Count);
        foreach (var (day, table) in Days)
        {
            writer.Write(day);
            table.Save(writer);
        }
    }

    public static AnalyticsState Load(SnapshotReader reader)
    {
        var state = new AnalyticsState();
        state.Products.Load(reader);
        state.Clients.Load(reader);
        state.Texts.Load(reader);
        state.Names.Load(reader);
        state.Categories.Load(reader);
        state.Stores.Load(reader);
        state.Weeks.Load(reader);
        state._funnel.Load(reader);
        state._pairs.Load(reader);
        state._clicks.Load(reader);
        for (var left = reader.ReadCount(); left > 0; left--)
        {
            state.Days.Add(reader.Read<int>(), DayTable.Load(reader));
        }

        return state;
    }

    private DayTable DayOf(int day)
    {
        if (!Days.TryGetValue(day, out var table))
        {
            Days.Add(day, table = new DayTable());
        }

        return table;
    }

    /// <summary>-1: none, or one without a name.</summary>
    private int NumberOf(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return -1;
        }

        if (Texts.Count < maxTexts && Texts.Bytes < maxTextBytes)
        {
            return Texts.FindOrAdd(text);
        }

        var known = Texts.Find(text);
        UnnamedSearches += known < 0 ? 1 : 0;
        return known;
    }

    private int NameOf(string? name) =>
        string.IsNullOrEmpty(name) || name.Length > IdTable.MaxIdBytes / 3 ? 0 : Names.FindOrAdd(System.Text.Encoding.UTF8.GetBytes(name)) + 1;

    private static int NumberOf(IdTable table, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> id)
    {
        Span<byte> key = stackalloc byte[prefix.Length + id.Length];
        prefix.CopyTo(key);
        id.CopyTo(key[prefix.Length..]);
        return table.FindOrAdd(key);
    }
}
