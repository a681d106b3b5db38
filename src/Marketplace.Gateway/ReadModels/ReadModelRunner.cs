using System.Threading.Channels;

namespace Marketplace.Gateway.ReadModels;

/// <summary>Runs one model: applies batches as they come and publishes when it has caught up, or often enough.</summary>
internal sealed class ReadModelRunner(IReadModel model, int partitions, TimeProvider time)
{
    /// <summary>Batches of at most 1 MiB that wait; a slow model slows the reading, not the memory.</summary>
    private const int Waiting = 4;

    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<CatalogBatch> _batches = Channel.CreateBounded<CatalogBatch>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });

    private readonly long[] _applied = new long[partitions];
    private readonly long[] _published = new long[partitions];

    public IReadModel Model => model;

    public ChannelWriter<CatalogBatch> Input => _batches.Writer;

    /// <summary>Everything before this offset is visible.</summary>
    public long Published(int partition) => Volatile.Read(ref _published[partition]);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var published = time.GetTimestamp();
        while (await _batches.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_batches.Reader.TryRead(out var batch))
            {
                model.Apply(batch);
                _applied[batch.Partition] = batch.NextOffset;
                batch.Release();
                if (time.GetElapsedTime(published) >= PublishInterval)
                {
                    Publish();
                    published = time.GetTimestamp();
                }
            }

            Publish();
            published = time.GetTimestamp();
        }
    }

    private void Publish()
    {
        model.Publish();
        for (var i = 0; i < _applied.Length; i++)
        {
            Volatile.Write(ref _published[i], _applied[i]);
        }
    }
}
