using Marketplace.EventLog.Kafka.Clients;
using Marketplace.EventLog.Kafka.Native;
using Marketplace.EventLog.Kafka.Reading;
using Marketplace.EventLog.Kafka.Topics;
using Marketplace.EventLog.Kafka.Writing;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka;

/// <summary>The event log on Apache Kafka, as one principal sees it. Clients are made when they are first needed.</summary>
public sealed class KafkaEventLog : IEventLog
{
    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly KafkaClients _clients;
    private readonly KafkaFaults _faults;
    private readonly ClusterCalls _calls;
    private readonly ClusterTopics _topics;
    private readonly AppendProducer _producer;
    private readonly AppendCircuit _circuit;
    private readonly CommittedEnds _committed;
    private readonly OpenClients _open = new();

    private readonly AskingConsumer _asking;
    private readonly PartitionRanges _ranges;
    private int _disposed;

    /// <param name="committed">What this process has committed, shared by its logs.</param>
    public KafkaEventLog(KafkaLogOptions options, TimeProvider time, Random random, CommittedEnds committed, ILogger<KafkaEventLog> logger)
    {
        _committed = committed;
        (_options, _time, _logger) = (options, time, logger);
        var health = new ClientHealth(options, time, logger);
        _clients = new KafkaClients(options, health, logger);
        _faults = new KafkaFaults(options.Principal, health);
        _calls = new ClusterCalls(_clients, health, _faults, options.DeliveryTimeout, time);
        _topics = new ClusterTopics(_calls, options, time, logger);
        _asking = new AskingConsumer(() => _clients.Reader(ReaderOptions.Default));
        _ranges = new PartitionRanges(_calls, _clients, _asking, _topics, committed, options.DeliveryTimeout, time);
        _producer = new AppendProducer(_clients, options, _faults, time, logger);
        _circuit = new AppendCircuit(options, time, random, logger);
    }

    public string Principal => _options.Principal;

    public ValueTask EnsureTopicsAsync(IReadOnlyCollection<TopicSpec> topics, CancellationToken cancellationToken) => _topics.EnsureAsync(topics, cancellationToken);

    public async ValueTask AddPartitionsAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        await _topics.AddPartitionsAsync(topic, partitions, cancellationToken).ConfigureAwait(false);
        await _producer.RenewAsync().ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyDictionary<string, TopicDescription>> DescribeTopicsAsync(CancellationToken cancellationToken) => _topics.DescribeAllAsync(cancellationToken);

    public async ValueTask<RecordPosition> AppendAsync(string topic, LogRecord record, CancellationToken cancellationToken) =>
        (await AppendAsync(topic, new[] { record }, cancellationToken).ConfigureAwait(false))[0];

    public async ValueTask<RecordPosition[]> AppendAsync(string topic, ReadOnlyMemory<LogRecord> records, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        var known = await _topics.GetAsync(topic, cancellationToken).ConfigureAwait(false);
        if (records.IsEmpty)
        {
            return [];
        }

        Check(known, records.Span);
        return await _circuit.RunAsync(
            static (append, token) => append.Producer.AppendAsync(append.Topic, append.Records, token),
            (Producer: _producer, Topic: known, Records: records),
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IAtomicWriter> OpenWriterAsync(string name, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        ArgumentException.ThrowIfNullOrEmpty(name);
        var producer = new TransactionalProducer(name, _clients, _options, _faults, _committed, _logger);
        return Track(await KafkaAtomicWriter.OpenAsync(name, producer, _topics, _open, _time, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask<ILogReader> OpenReaderAsync(IReadOnlyDictionary<TopicPartition, long> from, ReaderOptions options, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        var starts = new Dictionary<TopicPartition, long>(from.Count);
        foreach (var (partition, offset) in from)
        {
            (await _topics.GetAsync(partition.Topic, cancellationToken).ConfigureAwait(false)).Check(partition.Partition);
            starts[partition] = offset;
        }

        await ResolveAsync(starts, cancellationToken).ConfigureAwait(false);
        var thread = new ConsumerThread(_clients.Reader(options), options, _faults, _time, _logger);
        var reader = Track(new KafkaReader(thread, options, _open, GetRangeAsync));
        reader.Assign(starts);
        thread.Start("reader");
        return reader;
    }

    public async ValueTask<IGroupMember> JoinGroupAsync(
        string group, IReadOnlyCollection<string> topics, IRebalanceListener listener, ReaderOptions options, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        ArgumentException.ThrowIfNullOrEmpty(group);
        var names = topics.Distinct(StringComparer.Ordinal).ToArray();
        foreach (var topic in names)
        {
            await _topics.GetAsync(topic, cancellationToken).ConfigureAwait(false);
        }

        return Track(KafkaGroupMember.Join(group, names, listener, options, _clients, _open, _faults, GetRangeAsync, _time, _logger));
    }

    public async ValueTask<OffsetRange> GetRangeAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        (await _topics.GetAsync(partition.Topic, cancellationToken).ConfigureAwait(false)).Check(partition.Partition);
        return await _ranges.OfAsync(partition, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<long> GetSettledEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        (await _topics.GetAsync(partition.Topic, cancellationToken).ConfigureAwait(false)).Check(partition.Partition);
        return await _ranges.SettledEndAsync(partition, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken)
    {
        // Not ListConsumerGroups: librdkafka frees its errors twice when more than one broker does not answer (2.15.1), and the process with it.
        var listed = await _calls.BlockAsync(
            "Describe",
            "the groups",
            admin =>
            {
                // Only brokers that the client knows of are asked.
                admin.GetMetadata(ClusterCalls.RequestTimeout);
                return admin.ListGroups(ClusterCalls.RequestTimeout);
            },
            cancellationToken).ConfigureAwait(false);
        var groups = new List<string>();
        foreach (var group in listed.Select(group => group.Group))
        {
            // A group may have members and no position yet.
            if ((await GetPositionsAsync(group, cancellationToken).ConfigureAwait(false)).Count > 0)
            {
                groups.Add(group);
            }
        }

        return groups;
    }

    public async ValueTask<IReadOnlyDictionary<TopicPartition, GroupPosition>> GetPositionsAsync(string group, CancellationToken cancellationToken) =>
        await _calls.BlockAsync("Describe", $"group '{group}'", _ =>
        {
            // A first position that is just being committed is not listed yet; asked for by name, it is waited for.
            var own = _committed.PartitionsOf(group);
            var awaited = own.Count > 0 ? Ask(own) : [];
            var positions = Ask(null);
            foreach (var (partition, position) in awaited)
            {
                positions.TryAdd(partition, position);
            }

            return positions;

            Dictionary<TopicPartition, GroupPosition> Ask(IReadOnlyCollection<TopicPartition>? partitions) =>
                _asking.Ask(consumer => GroupOffsets.Read(consumer, group, partitions, ClusterCalls.RequestTimeout));
        }, cancellationToken).ConfigureAwait(false);

    /// <summary>Closes every client; what is under way in the producers has a few seconds to end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Task.WhenAll(_open.DisposeAsync().AsTask(), _producer.DisposeAsync().AsTask()).ConfigureAwait(false);
        await Closing.RunAsync(() =>
        {
            _calls.Dispose();
            _asking.Dispose();
            _ranges.Dispose();
        }, _time, _logger).ConfigureAwait(false);
    }

    private static void Check(KnownTopic topic, ReadOnlySpan<LogRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            topic.Check(record);
        }
    }

    private async ValueTask ResolveAsync(Dictionary<TopicPartition, long> starts, CancellationToken cancellationToken)
    {
        var open = starts.Where(start => start.Value is LogOffset.Begin or LogOffset.End).ToArray();
        var ranges = await Task.WhenAll(open.Select(start => _ranges.OfAsync(start.Key, cancellationToken))).ConfigureAwait(false);
        for (var i = 0; i < open.Length; i++)
        {
            starts[open[i].Key] = open[i].Value == LogOffset.Begin ? ranges[i].Begin : ranges[i].End;
        }
    }

    /// <summary>Closed with the log when its owner has not closed it before.</summary>
    private T Track<T>(T client)
        where T : IAsyncDisposable
    {
        _open.Add(client);
        return client;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
