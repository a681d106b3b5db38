using Confluent.Kafka;
using Confluent.Kafka.Admin;
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
    private static readonly TimeSpan MarkerPoll = TimeSpan.FromMilliseconds(5);

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

    /// <summary>
    /// Asks for groups' positions. A consumer, since librdkafka 2.15 ends the process when any other client is answered that
    /// the group's coordinator has just moved (it refreshes the coordinator of a consumer that is not there).
    /// </summary>
    private readonly Lazy<IConsumer<Ignore, Ignore>> _positions;
    private int _disposed;

    /// <param name="committed">What this process has committed, shared by its logs.</param>
    public KafkaEventLog(KafkaLogOptions options, TimeProvider time, Random random, CommittedEnds committed, ILogger<KafkaEventLog> logger)
    {
        _committed = committed;
        (_options, _time, _logger) = (options, time, logger);
        var health = new ClientHealth();
        _clients = new KafkaClients(options, health, logger);
        _faults = new KafkaFaults(options.Principal, health);
        _calls = new ClusterCalls(_clients, health, _faults, options.DeliveryTimeout, time);
        _topics = new ClusterTopics(_calls, options, time, logger);
        _positions = new Lazy<IConsumer<Ignore, Ignore>>(() => _clients.Reader(ReaderOptions.Default));
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
        var begin = OffsetAsync(partition, OffsetSpec.Earliest(), cancellationToken);
        var end = EndAsync(partition, cancellationToken);
        return new OffsetRange(await begin.ConfigureAwait(false), await end.ConfigureAwait(false));
    }

    public async ValueTask<IReadOnlyCollection<string>> ListGroupsAsync(CancellationToken cancellationToken)
    {
        var options = new ListConsumerGroupsOptions { RequestTimeout = ClusterCalls.RequestTimeout };
        var listed = await _calls.RunAsync("Describe", "the groups", admin => admin.ListConsumerGroupsAsync(options), cancellationToken).ConfigureAwait(false);
        var groups = new List<string>();
        foreach (var group in listed.Valid.Select(group => group.GroupId))
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
            var awaited = own.Count > 0 ? GroupOffsets.Read(_positions.Value, group, own, ClusterCalls.RequestTimeout) : [];
            var positions = GroupOffsets.Read(_positions.Value, group, null, ClusterCalls.RequestTimeout);
            foreach (var (partition, position) in awaited)
            {
                positions.TryAdd(partition, position);
            }

            return positions;
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
            if (_positions.IsValueCreated)
            {
                _positions.Value.Dispose();
            }
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
        var resolved = await Task.WhenAll(open.Select(start => start.Value == LogOffset.Begin
            ? OffsetAsync(start.Key, OffsetSpec.Earliest(), cancellationToken)
            : EndAsync(start.Key, cancellationToken))).ConfigureAwait(false);
        for (var i = 0; i < open.Length; i++)
        {
            starts[open[i].Key] = resolved[i];
        }
    }

    /// <summary>The last stable offset, with what this process has committed.</summary>
    private async Task<long> EndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var committed = _committed.Of(partition);
        var started = _time.GetTimestamp();
        while (true)
        {
            var end = await OffsetAsync(partition, OffsetSpec.Latest(), cancellationToken).ConfigureAwait(false);
            if (end >= committed || _time.GetElapsedTime(started) > _options.DeliveryTimeout)
            {
                return end;
            }

            await Task.Delay(MarkerPoll, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<long> OffsetAsync(TopicPartition partition, OffsetSpec spec, CancellationToken cancellationToken)
    {
        var asked = new TopicPartitionOffsetSpec { TopicPartition = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition), OffsetSpec = spec };
        return _calls.RunAsync("Describe", $"topic '{partition.Topic}'", async admin =>
        {
            try
            {
                var options = new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadCommitted, RequestTimeout = ClusterCalls.RequestTimeout };
                return (await admin.ListOffsetsAsync([asked], options).ConfigureAwait(false)).ResultInfos[0].TopicPartitionOffsetError.Offset.Value;
            }
            catch (ListOffsetsException e)
            {
                throw new KafkaException(e.Result.ResultInfos[0].TopicPartitionOffsetError.Error);
            }
        }, cancellationToken, partition.Topic).AsTask();
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
