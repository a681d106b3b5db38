using System.Text;
using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Reading;
using Marketplace.EventLog.Kafka.Topics;

namespace Marketplace.EventLog.Kafka.Writing;

/// <summary>Commits through a transactional producer of its own, on a thread of its own.</summary>
internal sealed class KafkaAtomicWriter : IAtomicWriter
{
    private const int MaxMetadataBytes = 4096;
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(4);

    private readonly ClusterTopics _topics;
    private readonly OpenClients _open;
    private readonly TimeProvider _time;
    private readonly WorkerThread _thread;
    private readonly TransactionalProducer _producer;
    private int _busy;
    private int _disposed;

    private KafkaAtomicWriter(string name, TransactionalProducer producer, ClusterTopics topics, OpenClients open, TimeProvider time)
    {
        (Name, _producer, _topics, _open, _time) = (name, producer, topics, open, time);
        _thread = new WorkerThread($"writer {name}");
    }

    public string Name { get; }

    /// <summary>Opens the writer; earlier ones of the name are fenced when this completes.</summary>
    public static async ValueTask<KafkaAtomicWriter> OpenAsync(
        string name, TransactionalProducer producer, ClusterTopics topics, OpenClients open, TimeProvider time, CancellationToken cancellationToken)
    {
        var writer = new KafkaAtomicWriter(name, producer, topics, open, time);
        try
        {
            await writer._thread.RunAsync(() =>
            {
                producer.Open();
                return true;
            }).WaitAsync(cancellationToken).ConfigureAwait(false);
            return writer;
        }
        catch
        {
            await writer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<RecordPosition[]> CommitAsync(AtomicBatch batch, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException($"Writer '{Name}' is already committing; one commit at a time.");
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = await CheckAsync(batch, cancellationToken).ConfigureAwait(false);
            var member = batch.Member as KafkaGroupMember;
            if (batch.Member is not null && member is null)
            {
                throw new ArgumentException("The batch's member is of another event log.", nameof(batch));
            }

            return batch.IsEmpty ? [] : await _thread.RunAsync(() => _producer.Commit(batch, known, member)).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _open.Remove(this);
        _producer.Stop();
        var closed = _thread.RunAsync(() =>
        {
            _producer.Dispose();
            return true;
        });
        _thread.Dispose();
        await ((Task)closed).WaitAsync(CloseLimit, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>What can be refused is refused before anything is written.</summary>
    private async ValueTask<Dictionary<string, KnownTopic>> CheckAsync(AtomicBatch batch, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, KnownTopic>(StringComparer.Ordinal);
        foreach (var output in batch.Outputs)
        {
            if (!known.TryGetValue(output.Topic, out var topic))
            {
                known.Add(output.Topic, topic = await _topics.GetAsync(output.Topic, cancellationToken).ConfigureAwait(false));
            }

            if (output.Make is null)
            {
                topic.Check(output.Record);
            }
        }

        foreach (var input in batch.Inputs)
        {
            if (!known.TryGetValue(input.Partition.Topic, out var topic))
            {
                known.Add(input.Partition.Topic, topic = await _topics.GetAsync(input.Partition.Topic, cancellationToken).ConfigureAwait(false));
            }

            topic.Check(input.Partition.Partition);
            if (input.Position.Metadata is { } word && Encoding.UTF8.GetByteCount(word) > MaxMetadataBytes)
            {
                throw new ArgumentException($"A position's metadata can be {MaxMetadataBytes} bytes at most.", nameof(batch));
            }
        }

        return known;
    }
}
