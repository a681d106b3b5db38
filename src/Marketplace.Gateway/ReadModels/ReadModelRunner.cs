using System.Threading.Channels;

namespace Marketplace.Gateway.ReadModels;

/// <summary>What a runner runs: a model's side that faces one topic. Called by one thread at a time.</summary>
public interface IFeedReader<in TBatch>
    where TBatch : FeedBatch
{
    /// <summary>The next offset this model needs of a partition: what is before it, it knows from its snapshot.</summary>
    long StartOf(int partition) => 0;

    /// <param name="first">The index of the first record that the model does not know yet.</param>
    void Apply(TBatch batch, int first);

    /// <summary>Shows readers what was applied.</summary>
    void Publish();
}

/// <summary>Runs one model: applies batches as they come and publishes when it has caught up, or often enough.</summary>
internal sealed class ReadModelRunner<TBatch>(IFeedReader<TBatch> model, int partitions, TimeProvider time)
    where TBatch : FeedBatch
{
    /// <summary>Batches of at most 1 MiB that wait; a slow model slows the reading, not the memory.</summary>
    private const int Waiting = 4;

    private static readonly TimeSpan PublishInterval = TimeSpan.FromMilliseconds(100);

    private readonly Channel<TBatch> _batches = Channel.CreateBounded<TBatch>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, SingleWriter = true });

    private readonly long[] _applied = [.. Enumerable.Range(0, partitions).Select(model.StartOf)];
    private readonly long[] _published = [.. Enumerable.Range(0, partitions).Select(model.StartOf)];

    public IFeedReader<TBatch> Model => model;

    public ChannelWriter<TBatch> Input => _batches.Writer;

    /// <summary>Everything before this offset is visible.</summary>
    public long Published(int partition) => Volatile.Read(ref _published[partition]);

    /// <summary>Everything visible reaches these offsets.</summary>
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
        var published = time.GetTimestamp();
        while (await _batches.Reader.WaitToReadAsync(stoppingToken))
        {
            while (_batches.Reader.TryRead(out var batch))
            {
                // A batch that another model needs may be older than this model's snapshot, or reach beyond it.
                if (batch.NextOffset > _applied[batch.Partition])
                {
                    model.Apply(batch, batch.IndexOf(_applied[batch.Partition]));
                    _applied[batch.Partition] = batch.NextOffset;
                }

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
