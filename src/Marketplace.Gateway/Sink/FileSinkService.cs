using Marketplace.EventLog;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Sink;

/// <summary>Writes <c>filtered-products</c> to the sink's file, each record's line exactly once across crashes.</summary>
public sealed partial class FileSinkService(IEventLog log, SinkSettings settings, TopicSettings topics, TimeProvider time, ILogger<FileSinkService> logger, ConsumerLag? lag = null) : BackgroundService, IReadinessPart
{
    private const string Group = "file-sink";
    private const long MaxUncommittedBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan CommitInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>Nobody waits for a line; fewer and larger writes cost the others less.</summary>
    private static readonly ReaderOptions Reading = new() { Linger = TimeSpan.FromMilliseconds(150) };

    /// <summary>A sink with nothing to write says that it is still there, so that its position does not seem old.</summary>
    private static readonly TimeSpan IdleCommitInterval = TimeSpan.FromHours(1);

    /// <summary>Why the sink does not write now, or null; it goes on where it was when this has passed.</summary>
    private volatile string? _trouble;
    private int _attempt;

    public string Name => "sink";

    /// <summary>A sink that fails or has stopped does not keep clients from being served; the reason is shown all the same.</summary>
    public Readiness Readiness => new(true, Stopped ?? _trouble ?? $"writes {settings.Path}");

    /// <summary>Why the sink has stopped for good, or null while it works.</summary>
    public string? Stopped { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var lane = new BackgroundLane("sink", threads: 1);
        await lane.RunAsync(() => KeepRunningAsync(stoppingToken), stoppingToken);
    }

    private async Task KeepRunningAsync(CancellationToken stoppingToken)
    {
        while (Stopped is null && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (e is IOException or LogUnavailableException or WriterFencedException or UnauthorizedAccessException)
            {
                // Opening anew cuts the file back to what is committed, so half-written lines do not stay.
                _trouble = $"cannot write {settings.Path} ({e.Message}); tries again";
                if (stoppingToken.IsCancellationRequested)
                {
                    Log.StoppedUncommitted(logger, settings.Path, e.Message);
                    return;
                }

                Log.Failed(logger, settings.Path, e.Message);
                await Task.Delay(Backoff.Delay(_attempt++), time, stoppingToken);
            }
            catch (OffsetOutOfRangeException e)
            {
                Stop($"Records are gone from the log that were never written to the file ({e.Message}); remove {settings.Path} to have it written anew.");
            }
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        await using var writer = await log.OpenWriterAsync(Group, stoppingToken);
        var positions = await ResumeAsync(writer, stoppingToken);
        if (Stopped is not null)
        {
            return;
        }

        using var file = new LineFile(settings.Path, SinkPosition.Latest(positions).Length);
        var from = Partitions().ToDictionary(p => p, p => positions.TryGetValue(p, out var at) ? at.Offset : LogOffset.Begin);
        await using var reader = await log.OpenReaderAsync(from, Reading, stoppingToken);
        foreach (var (partition, next) in from)
        {
            lag?.Assigned(Group, partition, Math.Max(0, next));
        }

        await using var timer = time.CreateTimer(_ => reader.Wake(), null, CommitInterval, CommitInterval);
        var commit = new AtomicBatch();
        var read = new Dictionary<TopicPartition, long>();
        var stamps = new Dictionary<TopicPartition, long?>();
        var committedLength = file.Length;
        var committedAt = time.GetTimestamp();
        try
        {
            while (true)
            {
                using (var batch = await reader.ReadAsync(stoppingToken))
                {
                    if (batch is not null)
                    {
                        await file.AppendAsync(batch, CancellationToken.None);
                        read[batch.Partition] = batch.NextOffset;
                        stamps[batch.Partition] = batch.LastTimestamp ?? stamps.GetValueOrDefault(batch.Partition);
                    }
                    else if (read.Count == 0)
                    {
                        // Woken with nothing to write: whatever kept it from writing has passed.
                        _trouble = null;
                    }
                }

                if (time.GetElapsedTime(committedAt) >= IdleCommitInterval)
                {
                    foreach (var partition in from.Keys)
                    {
                        read[partition] = reader.PositionOf(partition);
                    }
                }

                if (read.Count > 0 && (time.GetElapsedTime(committedAt) >= CommitInterval || file.Length - committedLength >= MaxUncommittedBytes))
                {
                    await CommitAsync();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await CommitAsync();
        }

        async Task CommitAsync()
        {
            // When the commit began: what is recorded of the time must not be older than what is thought of it here.
            var began = time.GetTimestamp();
            file.Sync();
            Set(commit, read, file.Length);
            await writer.CommitAsync(commit, CancellationToken.None);
            (_trouble, _attempt) = (null, 0);
            foreach (var (partition, next) in read)
            {
                lag?.Reached(Group, partition, next, stamps.GetValueOrDefault(partition));
            }

            commit.Clear();
            read.Clear();
            (committedLength, committedAt) = (file.Length, began);
        }
    }

    /// <summary>
    /// The positions to go on from. A file that is gone is written anew from the log; one that is shorter than recorded
    /// was changed by others, and one that is there before the first line is not ours: it is moved aside, and written anew.
    /// </summary>
    private async Task<IReadOnlyDictionary<TopicPartition, GroupPosition>> ResumeAsync(IAtomicWriter writer, CancellationToken cancellationToken)
    {
        var positions = await log.GetPositionsAsync(Group, cancellationToken);
        var recorded = SinkPosition.Latest(positions);
        var isFirst = recorded.At == 0;
        var file = new FileInfo(settings.Path);
        file.Directory?.Create();
        var found = file.Exists ? file.Length : 0;
        if (!isFirst && file.Exists && found >= recorded.Length)
        {
            await StopWhenTooOldAsync(positions, recorded, cancellationToken);
            return positions;
        }

        if (found > 0)
        {
            var aside = $"{settings.Path}.{time.GetUtcNow():yyyyMMdd'T'HHmmss}";
            file.MoveTo(aside, overwrite: true);
            Log.MovedAside(logger, settings.Path, found, recorded.Length, aside);
        }

        if (!isFirst)
        {
            Log.WrittenAnew(logger, settings.Path);
        }

        // Recorded before the first line is written, so that after a crash the file is known to be ours.
        var fromBegin = new AtomicBatch();
        var begins = new Dictionary<TopicPartition, long>();
        foreach (var partition in Partitions())
        {
            begins[partition] = (await log.GetRangeAsync(partition, cancellationToken)).Begin;
        }

        Set(fromBegin, begins, length: 0);
        await writer.CommitAsync(fromBegin, cancellationToken);
        return await log.GetPositionsAsync(Group, cancellationToken);
    }

    private async Task StopWhenTooOldAsync(IReadOnlyDictionary<TopicPartition, GroupPosition> positions, SinkPosition recorded, CancellationToken cancellationToken)
    {
        if (recorded.At == 0 || time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(recorded.At) <= TopicCatalog.TombstoneRetention)
        {
            return;
        }

        foreach (var (partition, position) in positions)
        {
            if ((await log.GetRangeAsync(partition, cancellationToken)).End > position.Offset)
            {
                Stop($"The sink's position is older than {TopicCatalog.TombstoneRetention.TotalDays:0} days, records may be missing since; remove {settings.Path} to have it written anew.");
                return;
            }
        }
    }

    private void Stop(string reason)
    {
        Stopped = reason;
        Log.Stopped(logger, reason);
    }

    private IEnumerable<TopicPartition> Partitions() => Enumerable.Range(0, topics.Partitions).Select(p => new TopicPartition(TopicNames.FilteredProducts, p));

    private void Set(AtomicBatch commit, Dictionary<TopicPartition, long> positions, long length)
    {
        var word = new SinkPosition(length, time.GetUtcNow().ToUnixTimeMilliseconds()).Format();
        foreach (var (partition, offset) in positions)
        {
            commit.SetPosition(Group, partition, new GroupPosition(offset, word));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Sink {Path} failed ({Reason}); trying again")]
        public static partial void Failed(ILogger logger, string path, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sink {Path} has {Found} bytes where {Recorded} are recorded; moved to {Aside}")]
        public static partial void MovedAside(ILogger logger, string path, long found, long recorded, string aside);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sink {Path} is written anew from the log")]
        public static partial void WrittenAnew(ILogger logger, string path);

        [LoggerMessage(Level = LogLevel.Error, Message = "Sink stopped: {Reason}")]
        public static partial void Stopped(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Sink {Path} stopped with lines uncommitted ({Reason}); they are written again at the next start")]
        public static partial void StoppedUncommitted(ILogger logger, string path, string reason);
    }
}
