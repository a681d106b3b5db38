using System.Collections.Concurrent;
using System.Security.Cryptography;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Idempotency;

/// <summary>
/// The idempotency keys of the last 24 hours, read from the log. In memory is only where an answer stands and the hash of
/// its request; the log keeps the answers.
/// </summary>
public sealed partial class IdempotencyKeys(IEventLog log, TopicReading reading, TimeProvider time, ILogger<IdempotencyKeys> logger) : BackgroundService, IReadinessPart
{
    private static readonly TopicPartition Source = new(TopicNames.IdempotencyKeys, 0);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<UInt128, FirstAnswer> _answers = new();
    private readonly ConcurrentQueue<(UInt128 Key, long Offset, long At)> _byAge = new();
    private volatile bool _loaded;

    public string Name => "idempotency-keys";

    public Readiness Readiness => _loaded ? new(true, $"{_answers.Count} keys known") : new(false, "keys of the last 24 hours are being read");

    public bool IsLoaded => _loaded;

    /// <param name="RequestHash">SHA-256 of the request.</param>
    public sealed record FirstAnswer(long Offset, long At, byte[] RequestHash)
    {
        public bool IsOf(ReadOnlySpan<byte> requestHash) => CryptographicOperations.FixedTimeEquals(RequestHash, requestHash);
    }

    public FirstAnswer? Find(UInt128 key) =>
        _answers.TryGetValue(key, out var answer) && answer.At > Oldest() ? answer : null;

    /// <summary>Known from the moment of its commit, before the reader comes to it.</summary>
    public void Add(UInt128 key, long offset, byte[] requestHash) =>
        _answers[key] = new FirstAnswer(offset, time.GetUtcNow().ToUnixTimeMilliseconds(), requestHash);

    public async Task<Answer?> ReadAsync(FirstAnswer first, CancellationToken cancellationToken)
    {
        await using var reader = await log.OpenReaderAsync(
            new Dictionary<TopicPartition, long> { [Source] = first.Offset }, new ReaderOptions { MaxBatchBytes = 1, ResetToBegin = true }, cancellationToken);
        using var batch = await reader.ReadAsync(cancellationToken);
        return batch is { Count: > 0 } && batch.Records[0] is { Value: { } value } record && record.Offset == first.Offset ? IdempotencyRecord.Read(value) : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var end = (await reading.EndsAsync(TopicNames.IdempotencyKeys, partitions: 1, stoppingToken))[0];
        await using var sweep = time.CreateTimer(_ => Forget(), null, SweepInterval, SweepInterval);
        LoadedWhenAt(end, position: 0);
        await foreach (var batch in reading.ReadAsync(TopicNames.IdempotencyKeys, [0], new ReaderOptions { ResetToBegin = true }, stoppingToken))
        {
            using (batch)
            {
                See(batch);
                LoadedWhenAt(end, batch.NextOffset);
            }
        }
    }

    private void LoadedWhenAt(long end, long position)
    {
        if (!_loaded && position >= end)
        {
            _loaded = true;
            Log.Loaded(logger, _answers.Count);
        }
    }

    private void See(RecordBatch batch)
    {
        foreach (ref readonly var record in batch.Records)
        {
            if (record is { Key: { } key, Value: { } value } && IdempotencyRecord.IsKnown(value.Span) && record.Timestamp > Oldest())
            {
                var known = KeyHash.Of(key.Span);
                _answers[known] = new FirstAnswer(record.Offset, record.Timestamp, IdempotencyRecord.RequestHash(value.Span).ToArray());
                _byAge.Enqueue((known, record.Offset, record.Timestamp));
            }
        }
    }

    /// <summary>Called by the timer alone, one call after the other.</summary>
    private void Forget()
    {
        while (_byAge.TryPeek(out var oldest) && oldest.At <= Oldest())
        {
            _byAge.TryDequeue(out _);
            if (_answers.TryGetValue(oldest.Key, out var answer) && answer.Offset == oldest.Offset)
            {
                _answers.TryRemove(oldest.Key, out _);
            }
        }
    }

    private long Oldest() => (time.GetUtcNow() - TopicCatalog.IdempotencyRetention).ToUnixTimeMilliseconds();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Idempotency keys loaded: {Count}")]
        public static partial void Loaded(ILogger logger, int count);
    }
}
