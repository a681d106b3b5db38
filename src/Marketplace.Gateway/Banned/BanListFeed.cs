using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Banned;

/// <summary>Keeps the newest <see cref="BanList"/> by reading <c>banned-products</c> from its beginning.</summary>
public sealed partial class BanListFeed(TopicReading reading, ILogger<BanListFeed> logger, BanMetrics? metrics = null) : BackgroundService, IReadinessPart
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile BanList _current = BanList.Empty();
    private volatile TaskCompletionSource _changed = NewSignal();

    public string Name => "ban-list";

    public Readiness Readiness => IsLoaded ? new(true, $"{_current.Count} entries, list at offset {_current.Position}") : new(false, "the list is being read");

    public BanList Current => _current;

    /// <summary>Completes when the list has been read to the end it had when the reading began.</summary>
    public Task Loaded => _loaded.Task;

    public bool IsLoaded => _loaded.Task.IsCompletedSuccessfully;

    /// <summary>Completes when a list newer than <paramref name="seen"/> is current.</summary>
    public async Task WaitForNewerAsync(BanList seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The signal is taken before the look: a change in between completes it.
            var signal = _changed;
            if (!ReferenceEquals(_current, seen))
            {
                return;
            }

            await signal.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Completes when the record at <paramref name="offset"/> is part of the list.</summary>
    public async Task WaitForAsync(long offset, CancellationToken cancellationToken)
    {
        for (var list = _current; list.Position <= offset; list = _current)
        {
            await WaitForNewerAsync(list, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var end = (await reading.EndsAsync(TopicNames.BannedProducts, partitions: 1, stoppingToken))[0];
        var list = BanList.Empty();
        LoadedWhenAt(end, list);
        await foreach (var batch in reading.ReadAsync(TopicNames.BannedProducts, [0], ReaderOptions.Default, stoppingToken))
        {
            using (batch)
            {
                if (IsLoaded)
                {
                    Publish(_current.Apply(batch.NextOffset, Changes(batch)));
                    metrics?.InForce(batch);
                }
                else
                {
                    list = list.ApplyUnseen(batch.NextOffset, Changes(batch));
                    LoadedWhenAt(end, list);
                }
            }
        }
    }

    private void LoadedWhenAt(long end, BanList list)
    {
        if (list.Position >= end)
        {
            Publish(list);
            _loaded.TrySetResult();
            Log.Loaded(logger, list.Position, list.All.Count());
        }
    }

    private void Publish(BanList list)
    {
        _current = list;
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private List<(byte[] Id, Ban? Ban)> Changes(RecordBatch batch)
    {
        var changes = new List<(byte[], Ban?)>(batch.Count);
        foreach (ref readonly var record in batch.Records)
        {
            // Keys of rules (by store, brand, category, words) begin with this; no product id may.
            if (record.Key is not { } key || key.Span.StartsWith("rule:"u8))
            {
                Log.Ignored(logger, record.Offset);
                continue;
            }

            Ban? ban = null;
            if (record.Value is { } value)
            {
                ban = BanRecord.Read(key.Span, value.Span, out var understood);
                if (!understood)
                {
                    Log.NotUnderstood(logger, record.Offset, ban.Name);
                }
            }

            changes.Add((key.ToArray(), ban));
        }

        return changes;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Banned list loaded to offset {Position}: {Count} entries")]
        public static partial void Loaded(ILogger logger, long position, int count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "banned-products offset {Offset}: no product id as its key; ignored")]
        public static partial void Ignored(ILogger logger, long offset);

        [LoggerMessage(Level = LogLevel.Warning, Message = "banned-products offset {Offset}: value not understood; {ProductId} is banned for good")]
        public static partial void NotUnderstood(ILogger logger, long offset, string productId);
    }
}
