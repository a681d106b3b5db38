using System.Diagnostics;
using System.Threading.Channels;
using Marketplace.EventLog;
using Marketplace.Gateway.Telemetry;

namespace Marketplace.Gateway.ReadModels;

/// <summary>Runs one model: applies batches as they come and shows readers the result, at once where little comes and now and then where much does.</summary>
internal sealed class ReadModelRunner<TBatch>(IFeedReader<TBatch> model, string topic, int partitions, ConsumerLag? lag)
    where TBatch : FeedBatch
{
    /// <summary>Batches of at most 1 MiB that wait; a slow model slows the reading, not the memory.</summary>
    private const int Waiting = 4;

    /// <summary>Publishing has a price of its own, so under load it happens no more often than this.</summary>
    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(150);

    private readonly Channel<TBatch> _batches = Channel.CreateBounded<TBatch>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });

    private readonly long[] _applied = [.. Enumerable.Range(0, partitions).Select(model.StartOf)];
    private readonly long[] _published = [.. Enumerable.Range(0, partitions).Select(model.StartOf)];
    private readonly long?[] _timestamps = new long?[partitions];
    private long _publishedAt;

    public IFeedReader<TBatch> Model => model;

    public ChannelWriter<TBatch> Input => _batches.Writer;

    private TimeSpan UntilDue => PublishInterval - Stopwatch.GetElapsedTime(_publishedAt);

    /// <summary>Everything before this offset is visible.</summary>
    public long Published(int partition) => Volatile.Read(ref _published[partition]);

    /// <summary>Whether everything before these offsets is visible.</summary>
    public bool HasReached(ReadOnlySpan<long> target)
    {
        for (var partition = 0; partition < target.Length; partition++)
        {
            if (Published(partition) < target[partition])
            {
                return false;
            }
        }

        return true;
    }

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        for (var i = 0; i < partitions; i++)
        {
            lag?.Assigned(model.Name, new TopicPartition(topic, i), _published[i]);
        }

        while (await _batches.Reader.WaitToReadAsync(stoppingToken))
        {
            ApplyWaiting();
            if (UntilDue is var rest && rest > TimeSpan.Zero)
            {
                // It is load that is spread here, so the clock is the real one.
                await Task.Delay(rest, TimeProvider.System, stoppingToken);
                ApplyWaiting();
            }

            Publish();
        }
    }

    private void ApplyWaiting()
    {
        while (_batches.Reader.TryRead(out var batch))
        {
            // A batch that another model needs may be older than this model's snapshot, or reach beyond it.
            if (batch.NextOffset > _applied[batch.Partition])
            {
                model.Apply(batch, batch.IndexOf(_applied[batch.Partition]));
                _applied[batch.Partition] = batch.NextOffset;
                _timestamps[batch.Partition] = batch.LastTimestamp ?? _timestamps[batch.Partition];
            }

            batch.Release();
            if (UntilDue <= TimeSpan.Zero)
            {
                Publish();
            }
        }
    }

    private void Publish()
    {
        model.Publish();
        for (var i = 0; i < _applied.Length; i++)
        {
            if (_published[i] != _applied[i])
            {
                Volatile.Write(ref _published[i], _applied[i]);
                lag?.Reached(model.Name, new TopicPartition(topic, i), _applied[i], _timestamps[i]);
            }
        }

        _publishedAt = Stopwatch.GetTimestamp();
    }
}
