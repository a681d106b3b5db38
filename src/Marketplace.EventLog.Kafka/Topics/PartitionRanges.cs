using Marketplace.EventLog.Kafka.Clients;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>Where partitions begin and end for those who read what is committed.</summary>
internal sealed class PartitionRanges(
    ClusterCalls calls, KafkaClients clients, AskingConsumer asking, ClusterTopics topics, CommittedEnds committed, TimeSpan deliveryTimeout, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MarkerPoll = TimeSpan.FromMilliseconds(5);

    private readonly AskingConsumer _askingUncommitted = new(clients.ReaderOfUncommitted);

    /// <summary>A partition's range now, with what this process has committed.</summary>
    public async Task<OffsetRange> OfAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var own = committed.Of(partition);
        var started = time.GetTimestamp();
        while (true)
        {
            var range = await AskAsync(asking, partition, cancellationToken).ConfigureAwait(false);
            if (range.End >= own || time.GetElapsedTime(started) > deliveryTimeout)
            {
                return range;
            }

            await Task.Delay(MarkerPoll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The end once all that stands in the partition now is committed or taken back. A transaction's markers reach its partitions
    /// one by one, so a group's position may be final before the records that were committed with it are visible.
    /// </summary>
    public async Task<long> SettledEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var written = (await AskAsync(_askingUncommitted, partition, cancellationToken).ConfigureAwait(false)).End;
        while (true)
        {
            var range = await AskAsync(asking, partition, cancellationToken).ConfigureAwait(false);
            if (range.End >= written)
            {
                return range.End;
            }

            await Task.Delay(MarkerPoll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _askingUncommitted.Dispose();

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
