using System.Runtime.CompilerServices;
using Marketplace.EventLog;

namespace Marketplace.Gateway.Topics;

/// <summary>
/// Reads topics for parts that know how far they are and read on as long as the gateway runs: a log that does not answer is waited
/// for. One that refuses who asks is not, for only an operator can mend that.
/// </summary>
public sealed partial class TopicReading(IEventLog log, TimeProvider time, ILogger<TopicReading> logger)
{
    /// <summary>Where each of a topic's first <paramref name="partitions"/> partitions ends now.</summary>
    public async Task<long[]> EndsAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        var ends = new long[partitions];
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                for (var partition = 0; partition < partitions; partition++)
                {
                    ends[partition] = (await log.GetRangeAsync(new TopicPartition(topic, partition), cancellationToken)).End;
                }

                return ends;
            }
            catch (LogUnavailableException e) when (!e.IsDenied)
            {
                await PauseAsync(topic, e, attempt, cancellationToken);
            }
        }
    }

    /// <summary>The batches of a topic from these offsets on, one a partition (0: its beginning), without an end.</summary>
    /// <remarks>
    /// Where retention has taken what was asked for, an empty batch comes first and says where the rest begins: if nothing is left, no
    /// other would, and whoever waits for a partition's end would wait for a record that never comes.
    /// </remarks>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        string topic, IReadOnlyList<long> from, ReaderOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var positions = from.Select((offset, number) => (Partition: new TopicPartition(topic, number), offset)).ToDictionary(at => at.Partition, at => at.offset);
        for (var attempt = 0; ; attempt++)
        {
            LogUnavailableException? trouble;
            await using (var run = new Run(log, positions, options))
            {
                while (await run.NextAsync(cancellationToken) is { } records)
                {
                    attempt = 0;
                    positions[records.Partition] = records.NextOffset;
                    yield return records;
                }

                trouble = run.Trouble;
            }

            await PauseAsync(topic, trouble!, attempt, cancellationToken);
        }
    }

    private Task PauseAsync(string topic, LogUnavailableException trouble, int attempt, CancellationToken cancellationToken)
    {
        Log.Waits(logger, topic, trouble.Message);
        return Task.Delay(Backoff.Delay(attempt), time, cancellationToken);
    }

    /// <summary>Reads until the log does not answer.</summary>
    private sealed class Run(IEventLog log, IReadOnlyDictionary<TopicPartition, long> positions, ReaderOptions options) : IAsyncDisposable
    {
        private ILogReader? _reader;
        private Queue<TopicPartition> _unseen = [];

        /// <summary>Why there is no next batch.</summary>
        public LogUnavailableException? Trouble { get; private set; }

        /// <summary>Null when the log does not answer now.</summary>
        public async ValueTask<RecordBatch?> NextAsync(CancellationToken cancellationToken)
        {
            try
            {
                _reader ??= await OpenAsync(cancellationToken);
                while (_unseen.TryDequeue(out var partition))
                {
                    if (_reader.PositionOf(partition) is var begin && begin > positions[partition])
                    {
                        return new RecordBatch(partition, default, begin, (await log.GetRangeAsync(partition, cancellationToken)).End);
                    }
                }

                return await _reader.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody wakes this reader.");
            }
            catch (LogUnavailableException e) when (!e.IsDenied)
            {
                Trouble = e;
                return null;
            }
        }

        public ValueTask DisposeAsync() => _reader?.DisposeAsync() ?? ValueTask.CompletedTask;

        private async ValueTask<ILogReader> OpenAsync(CancellationToken cancellationToken)
        {
            _unseen = new Queue<TopicPartition>(positions.Keys);
            return await log.OpenReaderAsync(positions.ToDictionary(at => at.Key, at => at.Value == 0 ? LogOffset.Begin : at.Value), options, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} cannot be read now ({Reason}); trying again")]
        public static partial void Waits(ILogger logger, string topic, string reason);
    }
}
