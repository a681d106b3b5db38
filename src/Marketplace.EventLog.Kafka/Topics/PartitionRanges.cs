using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Marketplace.EventLog.Kafka.Clients;

namespace Marketplace.EventLog.Kafka.Topics;

/// <summary>Where partitions begin and end for those who read what is committed.</summary>
internal sealed class PartitionRanges(ClusterCalls calls, AskingConsumer asking, ClusterTopics topics, CommittedEnds committed, TimeSpan deliveryTimeout, TimeProvider time)
{
    private static readonly TimeSpan MarkerPoll = TimeSpan.FromMilliseconds(5);

    /// <summary>A partition's range now, with what this process has committed.</summary>
    public async Task<OffsetRange> OfAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var own = committed.Of(partition);
        var started = time.GetTimestamp();
        while (true)
        {
            OffsetRange range;
            try
            {
                range = await AskAsync(partition, cancellationToken).ConfigureAwait(false);
            }
            catch (UnknownTopicException) when (topics.IsNew(partition.Topic))
            {
                await Task.Delay(MarkerPoll, time, cancellationToken).ConfigureAwait(false);
                continue;
            }

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
        var written = await AskWrittenEndAsync(partition, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var range = await AskAsync(partition, cancellationToken).ConfigureAwait(false);
            if (range.End >= written)
            {
                return range.End;
            }

            await Task.Delay(MarkerPoll, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A consumer of committed records is told the last stable offset as the high watermark.</summary>
    private ValueTask<OffsetRange> AskAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var asked = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition);
        return calls.BlockAsync("Describe", $"topic '{partition.Topic}'", _ => asking.Ask(consumer =>
        {
            var marks = consumer.QueryWatermarkOffsets(asked, ClusterCalls.RequestTimeout);
            return new OffsetRange(marks.Low.Value, marks.High.Value);
        }), cancellationToken, partition.Topic);
    }

    /// <summary>The end with what is not committed yet.</summary>
    private ValueTask<long> AskWrittenEndAsync(TopicPartition partition, CancellationToken cancellationToken)
    {
        var asked = new TopicPartitionOffsetSpec { TopicPartition = new(partition.Topic, partition.Partition), OffsetSpec = OffsetSpec.Latest() };
        var options = new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted, RequestTimeout = ClusterCalls.RequestTimeout };
        return calls.RunAsync("Describe", $"topic '{partition.Topic}'", async admin =>
        {
            try
            {
                var listed = await admin.ListOffsetsAsync([asked], options).ConfigureAwait(false);
                return listed.ResultInfos[0].TopicPartitionOffsetError.Offset.Value;
            }
            catch (ListOffsetsException e) when (e.Result.ResultInfos is [var only])
            {
                throw new KafkaException(only.TopicPartitionOffsetError.Error);
            }
        }, cancellationToken, partition.Topic);
    }
}
