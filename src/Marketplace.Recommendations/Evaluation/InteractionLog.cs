using System.Globalization;
using System.Text.Json;

namespace Marketplace.Recommendations.Evaluation;

/// <summary>
/// A log of interactions in time order. Read from lines of either form: <c>user item [time]</c> with blanks or tabs between
/// (time: Unix seconds or milliseconds; without it a user's lines stand in their order), or client events as JSON.
/// </summary>
public sealed class InteractionLog
{
    /// <summary>From here on a number is milliseconds, below it seconds: the year 5138 and the year 1973.</summary>
    private const long FirstMilliseconds = 100_000_000_000;
    private static readonly DateTimeOffset SyntheticStart = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<string> _users = [];
    private readonly List<string> _items = [];
    private readonly Dictionary<string, int> _userNumbers = [];
    private readonly Dictionary<string, int> _itemNumbers = [];
    private readonly List<Interaction> _interactions = [];
    private readonly List<int> _lengths = [];

    public IReadOnlyList<string> Users => _users;

    public IReadOnlyList<string> Items => _items;

    public IReadOnlyList<Interaction> Interactions => _interactions;

    /// <summary>True when at least one line had a time of its own.</summary>
    public bool HasTimes { get; private set; }

    /// <param name="kind">
    /// What a line without a type stands for. Where the lines have no times, a user's purchases are taken to be a day apart and
    /// everything else seconds: one visit.
    /// </param>
    /// <exception cref="MalformedLineException">A line is of neither form.</exception>
    public static async Task<InteractionLog> ReadAsync(TextReader reader, ClientEventKind kind, CancellationToken cancellationToken)
    {
        var log = new InteractionLog();
        var step = kind == ClientEventKind.Purchase ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(10);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                if (line.AsSpan().TrimStart()[0] == '{')
                {
                    log.AddEvent(line);
                }
                else
                {
                    log.AddColumns(line, kind, step);
                }
            }
            catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or OverflowException)
            {
                throw new MalformedLineException(number, e);
            }
        }

        log.SortByTime();
        return log;
    }

    private void AddColumns(string line, ClientEventKind kind, TimeSpan step)
    {
        var columns = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length is < 2 or > 3)
        {
            throw new FormatException($"it has {columns.Length} columns.");
        }

        long? time = null;
        if (columns.Length == 3)
        {
            var number = (long)double.Parse(columns[2], NumberStyles.Float, CultureInfo.InvariantCulture);
            time = number < FirstMilliseconds ? number * 1000 : number;
        }

        Add(columns[0], columns[1], kind, time, step, rating: 0);
    }

    private void AddEvent(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var user = Text("user_id") is { Length: > 0 } known ? known
            : Text("session_id") is { Length: > 0 } session ? "session " + session
            : throw new FormatException("user_id and session_id are missing.");
        var item = Text("product_id") is { Length: > 0 } product ? product : throw new FormatException("product_id is missing.");
        var kind = Text("type") switch
        {
            "view" => ClientEventKind.View,
            "add_to_cart" => ClientEventKind.AddToCart,
            "remove_from_cart" => ClientEventKind.RemoveFromCart,
            "purchase" => ClientEventKind.Purchase,
            "review" => ClientEventKind.Review,
            var other => throw new FormatException($"the type is '{other}'."),
        };
        var time = root.TryGetProperty("occurred_at", out var at) ? at.GetDateTimeOffset() : throw new FormatException("occurred_at is missing.");
        var rating = root.TryGetProperty("rating", out var stars) && stars.ValueKind == JsonValueKind.Number ? stars.GetDouble() : 0;
        Add(user, item, kind, time.ToUnixTimeMilliseconds(), TimeSpan.Zero, (byte)Math.Clamp(rating, 0, 5));

        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private void Add(string userId, string itemId, ClientEventKind kind, long? time, TimeSpan step, byte rating)
    {
        var user = NumberOf(userId, _users, _userNumbers);
        var item = NumberOf(itemId, _items, _itemNumbers);
        if (user == _lengths.Count)
        {
            _lengths.Add(0);
        }

        HasTimes |= time is not null;
        _interactions.Add(new Interaction(user, item, kind, time ?? (SyntheticStart + (_lengths[user] * step)).ToUnixTimeMilliseconds(), rating));
        _lengths[user]++;
    }

    /// <summary>Stable: interactions of one instant stay in the order of their lines. Without times all stays as it was.</summary>
    private void SortByTime()
    {
        if (HasTimes)
        {
            var sorted = _interactions.OrderBy(i => i.Time).ToArray();
            _interactions.Clear();
            _interactions.AddRange(sorted);
        }
    }

    private static int NumberOf(string id, List<string> ids, Dictionary<string, int> numbers)
    {
        if (!numbers.TryGetValue(id, out var number))
        {
            number = ids.Count;
            ids.Add(id);
            numbers.Add(id, number);
        }

        return number;
    }
}

/// <summary>A line of a log is neither <c>user item [time]</c> nor a client event.</summary>
/// <param name="line">Counted from 1.</param>
public sealed class MalformedLineException(int line, Exception cause)
    : FormatException($"Line {line} is neither 'user item [time]' nor a client event: {cause.Message}", cause)
{
    public int Line => line;
}
