using Marketplace.EventLog.Kafka.Clients;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>Where partitions begin and end for those who read what is committed.</summary>
internal sealed class PartitionRanges(
    ClusterCalls calls, KafkaClients clients, AskingConsumer asking, ClusterTopics topics, CommittedEnds committed, TimeSpan deliveryTimeout, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MarkerPoll = TimeSpan.FromMilliseconds(5);

    private readonly AskingConsumer _askingUncommitted = new(clients.ReaderOfUncommitted);

    /// <summary>A partition's range now, with what this process has committed.</summary>
    public Task<OffsetRange> OfAsync(TopicPartition partition, CancellationToken cancellationToken) =>
        ReachAsync(partition, committed.Of(partition), deliveryTimeout, cancellationToken);

    /// <summary>
    /// The end once all that stands in the partition now is committed or taken back. A transaction's markers reach its partitions
    /// one by one, so a group's position may be final before the records that were committed with it are visible.
    /// </summary>
    public async Task<long> SettledEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var written = (await AskAsync(_askingUncommitted, partition, cancellationToken).ConfigureAwait(false)).End;
        return (await ReachAsync(partition, written, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false)).End;
    }

    public void Dispose() => _askingUncommitted.Dispose();

    /// <summary>The range of what is committed, once it ends at <paramref name="end"/> or later, or when that has been waited for long enough.</summary>
    private async Task<OffsetRange> ReachAsync(TopicPartition partition, long end, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var range = await AskAsync(asking, partition, cancellationToken).ConfigureAwait(false);
            if (range.End >= end || time.GetElapsedTime(started) > atMost)
            {
                return range;
            }

            await Task.Delay(MarkerPoll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks about a topic that was there. A broker that is just starting may not know it yet, and nobody is to take that for its end.</summary>
    private async Task<OffsetRange> AskAsync(AskingConsumer asked, TopicPartition partition, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await AskOnceAsync(asked, partition, cancellationToken).ConfigureAwait(false);
            }
            catch (UnknownTopicException) when (topics.IsNew(partition.Topic))
            {
                await Task.Delay(MarkerPoll, time, cancellationToken).ConfigureAwait(false);
            }
            catch (UnknownTopicException e)
            {
                throw KafkaFaults.Missing(partition.Topic, e);
            }
        }
    }

    /// <summary>A consumer of committed records is told the last stable offset as the high watermark, the other the high watermark itself.</summary>
    private ValueTask<OffsetRange> AskOnceAsync(AskingConsumer asked, TopicPartition partition, CancellationToken cancellationToken)
    {
        var name = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition);
        return calls.BlockAsync("Describe", $"topic '{partition.Topic}'", _ => asked.Ask(consumer =>
        {
            var marks = consumer.QueryWatermarkOffsets(name, ClusterCalls.RequestTimeout);
            return new OffsetRange(marks.Low.Value, marks.High.Value);
        }), cancellationToken, partition.Topic);
    }
}
