using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Marketplace.EventLog;
using Marketplace.Gateway.Topics;
using Marketplace.Search;

namespace Marketplace.Gateway.Client.Queries;

/// <summary>
/// Writes what was searched, found and shown to <c>client-queries</c>, behind the answers: a search only leaves a note. Notes
/// that the log cannot take in time are dropped and counted, so that neither searches nor memory wait for the disk.
/// </summary>
internal sealed partial class QueryLog : BackgroundService
{
    public const string MeterName = "Marketplace.ClientQueries";
    private const int MaxNotes = 16_384;
    private const int MaxAppend = 1_000;
    private const int MaxQueryCharacters = 1_000;

    /// <summary>Appends are this far apart, so that notes do not take the disk and the processor from the searches that leave them.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Channel<QueryNote> _notes;
    private readonly IEventLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger<QueryLog> _logger;
    private readonly CancellationTokenSource _ending = new();
    private readonly Counter<long> _written;
    private readonly Counter<long> _dropped;

    public QueryLog(IEventLog log, TimeProvider time, IMeterFactory meters, ILogger<QueryLog> logger)
    {
        (_log, _time, _logger) = (log, time, logger);
        var meter = meters.Create(MeterName);
        _written = meter.CreateCounter<long>("marketplace.client_queries.written", "{query}", "Searches written to client-queries.");
        _dropped = meter.CreateCounter<long>("marketplace.client_queries.dropped", "{query}", "Searches that the log could not take in time.");
        _dropped.Add(0);
        _notes = Channel.CreateBounded<QueryNote>(
            new BoundedChannelOptions(MaxNotes) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite }, _ => _dropped.Add(1));
    }

    /// <summary>Leaves a note of a search; returns the id by which events may name it.</summary>
    public Guid Note(SearchQuery query, string? userId, SearchResult result)
    {
        var at = _time.GetUtcNow();
        var id = Guid.CreateVersion7(at);
        var shown = new string[result.Hits.Count];
        for (var i = 0; i < shown.Length; i++)
        {
            shown[i] = result.Hits[i].ProductId;
        }

        var text = query.Text.Length <= MaxQueryCharacters ? query : query with { Text = query.Text[..MaxQueryCharacters] };
        _notes.Writer.TryWrite(new QueryNote(id, text, userId is { Length: > 0 } ? userId : null, result.Total, shown, at));
        return id;
    }

    /// <summary>Writes what is left, as long as the host waits.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _notes.Writer.TryComplete();
        await _ending.CancelAsync();
        if (ExecuteTask is { } writing)
        {
            await Task.WhenAny(writing, Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var records = new List<LogRecord>(MaxAppend);
        var ending = _ending.Token;
        while (await _notes.Reader.WaitToReadAsync(stoppingToken))
        {
            while (records.Count < MaxAppend && _notes.Reader.TryRead(out var note))
            {
                records.Add(QueryRecord.Of(note));
            }

            await AppendAsync(records.ToArray(), stoppingToken);
            records.Clear();
            await Task.Delay(Pace, _time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        _ending.Dispose();
        base.Dispose();
    }

    private async Task AppendAsync(LogRecord[] records, CancellationToken stoppingToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await _log.AppendAsync(TopicNames.ClientQueries, records, CancellationToken.None);
                _written.Add(records.Length);
                return;
            }
            catch (LogUnavailableException e)
            {
                Log.Waiting(_logger, e, records.Length);
                await Task.Delay(Backoff.Delay(attempt), _time, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "client-queries cannot be written now; {Count} searches wait")]
        public static partial void Waiting(ILogger logger, Exception exception, int count);
    }
}

/// <param name="Shown">The products of the answer, in its order.</param>
internal sealed record QueryNote(Guid Id, SearchQuery Query, string? UserId, long Total, IReadOnlyList<string> Shown, DateTimeOffset At);
