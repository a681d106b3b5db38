using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.ReadModels;

namespace Marketplace.Gateway.Client.Queries;

/// <summary>A batch of <c>client-queries</c>, read once for all models.</summary>
internal sealed class QueryBatch : FeedBatch
{
    private readonly LoggedQuery?[] _queries;

    public QueryBatch(RecordBatch records, int models)
        : base(records, models)
    {
        _queries = new LoggedQuery?[records.Count];
        for (var i = 0; i < _queries.Length; i++)
        {
            _queries[i] = this[i].Value is { } value ? LoggedQuery.TryRead(value) : null;
        }
    }

    /// <summary>Null for what is not a search.</summary>
    public LoggedQuery? Query(int index) => _queries[index];
}

/// <summary>A search as read back.</summary>
/// <param name="Text">Lower case, one blank between words, at most <see cref="MaxText"/> characters; in UTF-8.</param>
/// <param name="IsPage">A further page of a search, not one of its own.</param>
/// <param name="At">Milliseconds since the Unix epoch.</param>
internal sealed record LoggedQuery(ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> Text, long Total, bool IsPage, long At)
{
    private const int MaxText = 200;

    public static LoggedQuery? TryRead(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("query_id", out var id) && id.GetString() is { Length: > 0 } text
                && root.TryGetProperty("total", out var total) && total.TryGetInt64(out var found)
                && root.TryGetProperty("at", out var at) && at.TryGetDateTimeOffset(out var instant))
            {
                var isPage = root.TryGetProperty("filters", out var filters) && filters.ValueKind == JsonValueKind.Object && filters.TryGetProperty("offset", out _);
                return new LoggedQuery(
                    System.Text.Encoding.UTF8.GetBytes(text),
                    root.TryGetProperty("q", out var q) ? Normalize(q.GetString()) : default,
                    found,
                    isPage,
                    Math.Max(0, instant.ToUnixTimeMilliseconds()));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Somebody else's record; it is no search.
        }

        return null;
    }

    private static byte[] Normalize(string? query)
    {
        var words = (query ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var text = string.Join(' ', words).ToLowerInvariant();
        return System.Text.Encoding.UTF8.GetBytes(text.Length <= MaxText ? text : text[..MaxText]);
    }
}
