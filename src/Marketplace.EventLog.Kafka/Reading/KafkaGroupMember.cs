using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Clients;
using Microsoft.Extensions.Logging;

namespace Marketplace.EventLog.Kafka.Reading;

/// <summary>
/// A member of a consumer group. A rebalance comes on the consumer's thread, which then waits: the listener is told from
/// inside the next read, and only when it has completed does the group go on. So a partition goes to another member after
/// the transaction that moves it has ended.
/// </summary>
internal sealed class KafkaGroupMember : KafkaReader, IGroupMember
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GenerationPause = TimeSpan.FromMilliseconds(50);

    private readonly IRebalanceListener _listener;
    private readonly ILogger _logger;
    private volatile Rebalance? _pending;
    private volatile TopicPartition[] _assignment = [];
    private volatile bool _lost;

    private KafkaGroupMember(
        string group, IRebalanceListener listener, ConsumerThread thread, ReaderOptions options, OpenClients open, Func<TopicPartition, CancellationToken, ValueTask<OffsetRange>> rangeOf, ILogger logger)
        : base(thread, options, open, rangeOf) => (Group, _listener, _logger) = (group, listener, logger);

    public string Group { get; }

    public IReadOnlyCollection<TopicPartition> Assignment => _assignment;

    /// <summary>The consumer, for the group's metadata.</summary>
    public IClient Client => Thread.Consumer;

    public static KafkaGroupMember Join(
        string group, IEnumerable<string> topics, IRebalanceListener listener, ReaderOptions options, KafkaClients clients, OpenClients open, KafkaFaults faults,
        Func<TopicPartition, CancellationToken, ValueTask<OffsetRange>> rangeOf, TimeProvider time, ILogger logger)
    {
        KafkaGroupMember? member = null;
        var consumer = clients.Member(group, options)
            .SetPartitionsAssignedHandler((consumer, partitions) => member!.OnAssigned(consumer, partitions))
            .SetPartitionsRevokedHandler((_, partitions) => member!.OnTaken(RebalanceKind.Revoked, partitions))
            .SetPartitionsLostHandler((_, partitions) => member!.OnTaken(RebalanceKind.Lost, partitions))
            .Build();
        member = new KafkaGroupMember(group, listener, new ConsumerThread(consumer, options, faults, time, logger), options, open, rangeOf, logger);
        consumer.Subscribe(topics);
        member.Thread.Start($"group {group}");
        return member;
    }

    /// <summary>False from the moment that the group has taken the partitions away.</summary>
    public bool Owns(TopicPartition partition) => !_lost && _assignment.Contains(partition);

    /// <summary>Gives the client a moment to learn of the group's new generation.</summary>
    public void WaitForGeneration() => Thread.Closing.WaitHandle.WaitOne(GenerationPause);

    protected override async ValueTask RebalanceAsync(CancellationToken cancellationToken)
    {
        while (_pending is { } rebalance)
        {
            if (rebalance.Kind == RebalanceKind.Assigned)
            {
                foreach (var (partition, position) in rebalance.Partitions)
                {
                    Add(partition, position);
                }

                await _listener.AssignedAsync(rebalance.Partitions, cancellationToken).ConfigureAwait(false);
                _assignment = [.. _assignment, .. rebalance.Partitions.Keys];
                foreach (var partition in rebalance.Partitions.Keys)
                {
                    // The consumer's thread waits, so what it expects may be said from here.
                    Thread.Assembly.Expect(partition, PositionOf(partition), Add(partition, PositionOf(partition)));
                }
            }
            else
            {
                await TellTakenAsync(rebalance.Kind, [.. rebalance.Partitions.Keys], cancellationToken).ConfigureAwait(false);
            }

            _pending = null;
            rebalance.Met();
        }
    }

    protected override async ValueTask LeaveAsync()
    {
        var kind = _pending?.Kind == RebalanceKind.Lost ? RebalanceKind.Lost : RebalanceKind.Revoked;
        if (_assignment.Length > 0)
        {
            await TellTakenAsync(kind, _assignment, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask TellTakenAsync(RebalanceKind kind, TopicPartition[] partitions, CancellationToken cancellationToken)
    {
        var known = partitions.Intersect(_assignment).ToArray();
        if (known.Length > 0)
        {
            await (kind == RebalanceKind.Lost ? _listener.LostAsync(known, cancellationToken) : _listener.RevokedAsync(known, cancellationToken)).ConfigureAwait(false);
        }

        _assignment = [.. _assignment.Except(known)];
        foreach (var partition in known)
        {
            Remove(partition);
        }

        _lost = false;
    }

    private List<TopicPartitionOffset> OnAssigned(IConsumer<Ignore, Ignore> consumer, List<Confluent.Kafka.TopicPartition> partitions)
    {
        var starts = Starts(consumer, partitions);
        Meet(new Rebalance(RebalanceKind.Assigned, starts));
        return [.. starts.Select(start => new TopicPartitionOffset(start.Key.Topic, start.Key.Partition, start.Value))];
    }

    private void OnTaken(RebalanceKind kind, List<TopicPartitionOffset> partitions)
    {
        _lost = kind == RebalanceKind.Lost;
        var names = partitions.Select(partition => new TopicPartition(partition.Topic, partition.Partition.Value)).ToDictionary(name => name, _ => 0L);
        Meet(new Rebalance(kind, names));
        foreach (var name in names.Keys)
        {
            Thread.Assembly.Forget(name);
        }
    }

    private void Meet(Rebalance rebalance)
    {
        if (rebalance.Partitions.Count == 0 || Thread.Closing.IsCancellationRequested)
        {
            return;
        }

        var (kind, partitions) = (rebalance.Kind.ToString().ToLowerInvariant(), string.Join(", ", rebalance.Partitions.Keys));
        KafkaLog.Rebalancing(_logger, Group, kind, partitions);
        _pending = rebalance;
        Thread.Knock();
        try
        {
            rebalance.Wait(Thread.Closing);
            KafkaLog.Rebalanced(_logger, Group, kind, partitions);
        }
        catch (OperationCanceledException)
        {
            // The member is going: it has told its listener itself.
        }
    }

    /// <summary>The group's positions, once no transaction that moves them is open; a partition without one is read from its beginning.</summary>
    private Dictionary<TopicPartition, long> Starts(IConsumer<Ignore, Ignore> consumer, List<Confluent.Kafka.TopicPartition> partitions)
    {
        while (!Thread.Closing.IsCancellationRequested)
        {
            try
            {
                return consumer.Committed(partitions, CallTimeout).ToDictionary(
                    committed => new TopicPartition(committed.Topic, committed.Partition.Value),
                    committed => committed.Offset.Value >= 0 ? committed.Offset.Value : consumer.QueryWatermarkOffsets(committed.TopicPartition, CallTimeout).Low.Value);
            }
            catch (KafkaException e)
            {
                KafkaLog.ReadTrouble(_logger, e.Error.Reason);
            }
        }

        return partitions.ToDictionary(partition => new TopicPartition(partition.Topic, partition.Partition.Value), _ => 0L);
    }
}
