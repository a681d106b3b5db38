using Marketplace.EventLog;
using Marketplace.Gateway.Client.Events.Ids;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Client.Events;

/// <summary>
/// Reads <c>client-events</c> once for all models, from the oldest of their snapshots, and decides which record of an event id
/// counts: the first that it has read. Whoever writes to the topic, an event counts once.
/// </summary>
/// <param name="idFolder">Where the ids of events are kept.</param>
internal sealed partial class EventFeed(
    TopicReading reading,
    ModelPositions atStart,
    EventAdmission admission,
    UnreadableEvents unreadable,
    IEnumerable<IFeedReader<EventBatch>> models,
    string idFolder,
    TopicSettings topics,
    TimeProvider time,
    ILogger<EventFeed> logger,
    ConsumerLag? lag = null) : BackgroundService, IReadinessPart
{
    /// <summary>Small against the second in which a list is to follow, large against what reading costs.</summary>
    private static readonly ReaderOptions Reading = new() { ResetToBegin = true, Linger = TimeSpan.FromMilliseconds(75) };

    private readonly FeedPump<EventBatch> _pump = new(TopicNames.ClientEvents, topics.Partitions, models, threads: 2, lag);

    /// <summary>Everything before these offsets has been read, and its ids are known.</summary>
    private readonly long[] _positions = new long[topics.Partitions];
    private volatile EventIds? _ids;
    private volatile bool _known;

    public string Name => "client-events";

    public Readiness Readiness => _known && _pump.HasReached(atStart.Topics[TopicNames.ClientEvents].Next)
        ? new Readiness(true, $"{_ids!.Count} events known")
        : new Readiness(false, "the events of before are being read");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (topic, ends) = atStart.Topics[TopicNames.ClientEvents];
        var ids = _ids = await Task.Run(() => EventIds.Open(idFolder, topic, ends, time: time, logger: logger), stoppingToken);
        try
        {
            await _pump.RunAsync(stoppingToken, token => ReadAsync(ids, ends, token));
        }
        finally
        {
            await ids.CloseAsync(_positions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _pump.Dispose();
    }

    private async Task ReadAsync(EventIds ids, long[] ends, CancellationToken stoppingToken)
    {
        var positions = _positions;
        var published = _pump.Models == 0 ? ids.Positions : _pump.Positions();
        for (var partition = 0; partition < positions.Length; partition++)
        {
            positions[partition] = Math.Min(published[partition], ids.Positions[partition]);
        }

        Log.Reading(logger, ends.Sum() - positions.Sum(), ends.Sum());
        OpenWhenKnown(positions, ends, ids);
        await foreach (var records in reading.ReadAsync(TopicNames.ClientEvents, [.. positions], Reading, stoppingToken))
        {
            var batch = Decide(records, ids, out var noEvents);
            if (noEvents is not null)
            {
                // Before any model gets further than them, and with it its snapshot: the next start would not find them again.
                await unreadable.WriteAsync(records, noEvents, stoppingToken);
            }

            positions[records.Partition.Partition] = records.NextOffset;
            await _pump.WriteAsync(batch, stoppingToken);
            if (_pump.Models == 0)
            {
                records.Dispose();
            }

            ids.Reached(positions);
            OpenWhenKnown(positions, ends, ids);
        }
    }

    /// <summary>Events are taken as soon as the ids of all that were there at the start are known.</summary>
    private void OpenWhenKnown(long[] positions, long[] ends, EventIds ids)
    {
        if (!_known && HasReached(positions, ends))
        {
            admission.Open(ids);
            _known = true;
        }
    }

    /// <param name="noEvents">Indices of the records that are none, and why; null if there are none.</param>
    private EventBatch Decide(RecordBatch records, EventIds ids, out List<(int Index, string Reason)>? noEvents)
    {
        noEvents = null;
        var batch = new EventBatch(records, _pump.Models);
        var hashes = new UInt128[records.Count];
        for (var i = 0; i < records.Count; i++)
        {
            ref readonly var record = ref records.Records[i];
            var parsed = record.Value is { } value ? EventParser.Parse(value, out var errors) : Unreadable(out errors);
            if (errors is not null)
            {
                (noEvents ??= []).Add((i, string.Join("; ", errors.Select(error => $"{error.Key}: {string.Join(", ", error.Value)}"))));
                Log.NotUnderstood(logger, records.Partition.Partition, record.Offset, noEvents[^1].Reason);
                continue;
            }

            var here = new RecordPosition(records.Partition.Partition, record.Offset);
            hashes[i] = ids.HashOf(parsed.EventId.Span);
            batch.Set(i, parsed, counts: ids.AddOrFind(hashes[i], here) == here);
        }

        admission.Release(hashes);
        return batch;
    }

    private static ParsedEvent Unreadable(out IReadOnlyDictionary<string, string[]>? errors)
    {
        errors = new Dictionary<string, string[]> { ["value"] = ["is missing"] };
        return default;
    }

    private static bool HasReached(long[] positions, long[] ends)
    {
        for (var partition = 0; partition < ends.Length; partition++)
        {
            if (positions[partition] < ends[partition])
            {
                return false;
            }
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Reading client-events: {Left} of {All} records to go")]
        public static partial void Reading(ILogger logger, long left, long all);

        [LoggerMessage(Level = LogLevel.Warning, Message = "client-events-{Partition} offset {Offset}: not an event ({Reason}); it counts for nothing and goes to dead-letters")]
        public static partial void NotUnderstood(ILogger logger, int partition, long offset, string reason);
    }
}
