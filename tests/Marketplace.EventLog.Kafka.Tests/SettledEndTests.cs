using Confluent.Kafka;
using Marketplace.EventLog.Kafka.Native;
using Marketplace.Testing;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>
/// The markers of a transaction reach its partitions one by one: a successor that took the last stable offset for the end
/// would miss what its predecessor committed together with a position that is final already.
/// </summary>
public sealed class SettledEndTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_settled_end_comes_when_an_open_transaction_has_ended(bool committed)
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        LibrdkafkaLibrary.EnsureLoaded();
        await using var log = SharedCluster.Open(cluster, "admin");
        var partition = new TopicPartition($"t-{Guid.NewGuid():N}", 0);
        await log.EnsureTopicsAsync([new TopicSpec(partition.Topic, 1)], token);
        using var elsewhere = new ProducerBuilder<string, byte[]>(new ProducerConfig(cluster.ClientProperties("admin")) { TransactionalId = partition.Topic }).Build();
        elsewhere.InitTransactions(Eventually.HangLimit);
        elsewhere.BeginTransaction();
        await elsewhere.ProduceAsync(partition.Topic, new Message<string, byte[]> { Key = "a", Value = [1] }, token);

        var settled = log.GetSettledEndAsync(partition, token).AsTask();
        (await log.GetRangeAsync(partition, token)).End.ShouldBe(0);
        (await log.GetRangeAsync(partition, token)).End.ShouldBe(0);
        settled.IsCompleted.ShouldBeFalse();

        if (committed)
        {
            elsewhere.CommitTransaction(Eventually.HangLimit);
        }
        else
        {
            elsewhere.AbortTransaction(Eventually.HangLimit);
        }

        (await settled.WaitAsync(Eventually.HangLimit, token)).ShouldBeGreaterThan(0);
    }
}
