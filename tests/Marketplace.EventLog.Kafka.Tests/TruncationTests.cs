using Confluent.Kafka;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>What <c>RetentionContract</c> says of records that are gone, where an administrator has deleted them: a cluster's own retention keeps no test's time.</summary>
public sealed class TruncationTests
{
    [Fact]
    public async Task A_reader_of_what_is_gone_is_told_where_it_goes_on_also_when_nothing_is_left()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await using var log = SharedCluster.Open(cluster, "admin");
        var partition = new TopicPartition($"t-{Guid.NewGuid():N}", 0);
        await log.EnsureTopicsAsync([new TopicSpec(partition.Topic, 1)], token);
        for (var i = 0; i < 10; i++)
        {
            await log.AppendAsync(partition.Topic, new LogRecord { Key = "k"u8.ToArray(), Value = "v"u8.ToArray() }, token);
        }

        var end = (await log.GetRangeAsync(partition, token)).End;
        using var admin = new AdminClientBuilder(cluster.ClientProperties("admin")).Build();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(partition.Topic, partition.Partition, end)]);

        await using var within = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = end / 2 }, new ReaderOptions { ResetToBegin = true }, token);
        using var batch = await within.ReadAsync(token);
        (batch!.Count, batch.NextOffset).ShouldBe((0, end));
        await using var fromBegin = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = LogOffset.Begin }, ReaderOptions.Default, token);
        fromBegin.PositionOf(partition).ShouldBe(end);
    }
}
