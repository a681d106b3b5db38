using System.Buffers;
using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Client.Events;

/// <summary>
/// Brings records of <c>client-events</c> that are no events into <c>dead-letters</c>, each once, however many gateways read them
/// and whenever one is killed: letters and position are one commit, and whoever opens the writer fences all others before it
/// looks which have been written.
/// </summary>
internal sealed partial class UnreadableEvents(IEventLog log, TimeProvider time, DeadLetterMetrics metrics, ILogger<UnreadableEvents> logger)
{
    /// <summary>The writer's name and that of the group whose positions say which letters have been written.</summary>
    public const string Group = "unreadable-events";

    /// <summary>Everything before these offsets is known to have been written.</summary>
    private readonly Dictionary<TopicPartition, long> _done = [];

    /// <summary>Completes when the letters are durable, whoever wrote them; tries as long as the log cannot be written.</summary>
    /// <param name="found">Indices of the batch's records, ascending, and why each is none.</param>
    public async Task WriteAsync(RecordBatch records, IReadOnlyList<(int Index, string Reason)> found, CancellationToken cancellationToken)
    {
        var last = records.Records[found[^1].Index].Offset;
        for (var attempt = 0; _done.GetValueOrDefault(records.Partition) <= last; attempt++)
        {
            try
            {
                await using var writer = await log.OpenWriterAsync(Group, cancellationToken);
                var positions = await log.GetPositionsAsync(Group, cancellationToken);
                var done = positions.TryGetValue(records.Partition, out var position) ? position.Offset : 0;
                if (Letters(records, found, done) is { Outputs.Count: > 0 } batch)
                {
                    batch.SetPosition(Group, records.Partition, new GroupPosition(last + 1));
                    await writer.CommitAsync(batch, cancellationToken);
                    metrics.Add(TopicNames.ClientEvents, batch.Outputs.Count);
                }

                _done[records.Partition] = Math.Max(done, last + 1);
            }
            catch (Exception e) when (e is LogUnavailableException or WriterFencedException && !cancellationToken.IsCancellationRequested)
            {
                Log.NotWritten(logger, records.Partition.Partition, last, e.Message);
                await Task.Delay(Backoff.Delay(attempt), time, cancellationToken);
            }
        }
    }

    private static AtomicBatch Letters(RecordBatch records, IReadOnlyList<(int Index, string Reason)> found, long from)
    {
        var batch = new AtomicBatch();
        foreach (var (index, reason) in found)
        {
            ref readonly var record = ref records.Records[index];
            if (record.Offset >= from)
            {
                var headers = new ArrayBufferWriter<byte>();
                DeadLetter.WriteHeaders(headers, records.Partition, record, reason);
                batch.Add(TopicNames.DeadLetters, new LogRecord { Key = record.Key, Value = record.Value, Headers = new RecordHeaders(headers.WrittenMemory) });
            }
        }

        return batch;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "client-events-{Partition}: unreadable records up to offset {Offset} could not be written to dead-letters ({Reason}); trying again")]
        public static partial void NotWritten(ILogger logger, int partition, long offset, string reason);
    }
}
