using Marketplace.Recommendations.Storage;
using Marketplace.Snapshots;

namespace Marketplace.Recommendations.Clients;

/// <summary>
/// What each client did last. A history is over when for too long nothing came of its client, by the log's clock; from then on it
/// is as if it had never been, whenever its memory is given back. One writer, many readers without locks.
/// </summary>
internal sealed class ClientHistories(RecommendationOptions options)
{
    /// <summary>One in so many clients.</summary>
    private const int WorthCopying = 8;

    private readonly double _userRetention = options.UserRetention.TotalSeconds;
    private readonly double _sessionRetention = options.SessionRetention.TotalSeconds;

    public ClientTable Table { get; } = new();

    public ChunkedArray<ulong[]> Buying { get; } = new();

    public ChunkedArray<ulong[]> Browsing { get; } = new();

    /// <summary>When an event of the client last came, in seconds since the Unix epoch by the log's clock.</summary>
    private ChunkedArray<uint> LastSeen { get; } = new();

    public ReadOnlySpan<ulong> LatestBuying(int client) => ActionSequence.Latest(Buying.Read(client), options.Buying.HistoryLength);

    public ReadOnlySpan<ulong> LatestBrowsing(int client) => ActionSequence.Latest(Browsing.Read(client), options.Browsing.HistoryLength);

    /// <summary>The user of this identifier, or else the session, whose history is not over; -1 when there is neither.</summary>
    public int Find(string id, double nowSeconds) =>
        Table.FindUser(id) is var user and >= 0 && !IsOver(user, nowSeconds) ? user
        : Table.FindSession(id) is var session and >= 0 && !IsOver(session, nowSeconds) ? session
        : -1;

    public bool IsOver(int client, double nowSeconds) =>
        nowSeconds - LastSeen.Read(client) > (Table.IsSession(client) ? _sessionRetention : _userRetention);

    /// <summary>An event of the client came; begins the history anew when it is over.</summary>
    public void See(int client, uint seconds)
    {
        var isOver = IsOver(client, seconds);
        ref var last = ref LastSeen.At(client);
        last = Math.Max(last, seconds);
        if (isOver)
        {
            if (Buying.Read(client) is not null)
            {
                Volatile.Write(ref Buying.At(client), null!);
            }

            if (Browsing.Read(client) is not null)
            {
                Volatile.Write(ref Browsing.At(client), null!);
            }
        }
    }

    /// <summary>A copy without the histories that are over, for the writer to put in this one's place; this one where too few are to be worth a copy.</summary>
    public ClientHistories WithoutThoseOver(double nowSeconds)
    {
        var over = Enumerable.Range(0, Table.Count).Count(client => IsOver(client, nowSeconds));
        if (over == 0 || over < Table.Count / WorthCopying)
        {
            return this;
        }

        var kept = new ClientHistories(options);
        for (var client = 0; client < Table.Count; client++)
        {
            if (!IsOver(client, nowSeconds))
            {
                var number = kept.Table.Ids.FindOrAdd(Table.Ids.BytesOf(client));
                kept.LastSeen.At(number) = LastSeen.Read(client);
                Copy(Buying, client, kept.Buying, number);
                Copy(Browsing, client, kept.Browsing, number);
            }
        }

        return kept;
    }

    public void Save(SnapshotWriter writer)
    {
        Table.Ids.Save(writer);
        LastSeen.Save(writer);
        for (var client = 0; client < Table.Count; client++)
        {
            Save(LatestBuying(client), writer);
            Save(LatestBrowsing(client), writer);
        }
    }

    public void Load(SnapshotReader reader)
    {
        Table.Ids.Load(reader);
        LastSeen.Load(reader);
        for (var client = 0; client < Table.Count; client++)
        {
            Load(Buying, client, options.Buying.HistoryLength, reader);
            Load(Browsing, client, options.Browsing.HistoryLength, reader);
        }
    }

    private static void Save(ReadOnlySpan<ulong> actions, SnapshotWriter writer)
    {
        writer.WriteArray(actions);
    }

    private static void Load(ChunkedArray<ulong[]> sequences, int client, int maxLength, SnapshotReader reader)
    {
        var length = reader.ReadCount(maxLength);
        if (length > 0)
        {
            var sequence = new ulong[1 + length];
            sequence[0] = (ulong)length;
            reader.Read(sequence.AsSpan(1));
            sequences.At(client) = sequence;
        }
    }

    private static void Copy(ChunkedArray<ulong[]> from, int client, ChunkedArray<ulong[]> to, int number)
    {
        if (from.Read(client) is { } sequence)
        {
            to.At(number) = sequence;
        }
    }
}
