namespace Marketplace.EventLog.Contract;

/// <summary>Order, receipts and the partition a record goes to.</summary>
public abstract class AppendContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    [Fact]
    public async Task A_record_is_read_where_its_receipt_says()
    {
        var topic = await TopicAsync();
        var position = await Log.AppendAsync(topic, Record("12345", "часы"), Token);

        var read = (await ReadAllAsync(topic)).ShouldHaveSingleItem();

        (read.Partition, read.Offset).ShouldBe((position.Partition, position.Offset));
        (read.Key, read.Value).ShouldBe(("12345", "часы"));
        (await Log.GetRangeAsync(new TopicPartition(topic, 0), Token)).End.ShouldBeGreaterThan(position.Offset);
    }

    [Fact]
    public async Task Records_of_a_call_keep_their_order_in_each_partition()
    {
        var topic = await TopicAsync(partitions: 3);
        var records = Records(1000);
        var positions = await Log.AppendAsync(topic, records, Token);

        positions.Length.ShouldBe(records.Length);
        for (var partition = 0; partition < 3; partition++)
        {
            var expected = records.Zip(positions).Where(pair => pair.Second.Partition == partition).Select(pair => (pair.Second.Offset, Text(pair.First.Value)));
            (await ReadAllAsync(topic, partition)).Select(copy => (copy.Offset, copy.Value)).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Appends_that_follow_each_other_stand_in_that_order()
    {
        var topic = await TopicAsync();
        var last = -1L;
        for (var i = 0; i < 50; i++)
        {
            var position = await Log.AppendAsync(topic, Record("k", $"{i}"), Token);
            position.Offset.ShouldBeGreaterThan(last);
            last = position.Offset;
        }

        (await ReadAllAsync(topic)).Select(copy => copy.Value).ShouldBe(Enumerable.Range(0, 50).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_key_goes_to_the_partition_that_Kafka_gives_it()
    {
        var topic = await TopicAsync(partitions: 6);
        foreach (var key in new[] { "12345", "21", "foobar", "Умные часы", "a/b" })
        {
            var position = await Log.AppendAsync(topic, Record(key, "v"), Token);
            position.Partition.ShouldBe(KafkaPartitioner.PartitionFor(Bytes(key).Span, 6));
        }
    }

    [Fact]
    public async Task An_explicit_partition_wins_over_the_key()
    {
        var topic = await TopicAsync(partitions: 4);
        var keyed = KafkaPartitioner.PartitionFor("k"u8, 4);
        var other = (keyed + 1) % 4;

        (await Log.AppendAsync(topic, Record("k", "v", other), Token)).Partition.ShouldBe(other);

        (await ReadAllAsync(topic, other)).ShouldHaveSingleItem();
        (await ReadAllAsync(topic, keyed)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_empty_append_is_nothing()
    {
        var topic = await TopicAsync();
        (await Log.AppendAsync(topic, ReadOnlyMemory<LogRecord>.Empty, Token)).ShouldBeEmpty();
        (await ReadAllAsync(topic)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_topic_is_refused_by_name()
    {
        var thrown = await Should.ThrowAsync<UnknownTopicException>(async () => await Log.AppendAsync("no-such-topic", Record("k", "v"), Token));
        thrown.Topic.ShouldBe("no-such-topic");
    }

    [Fact]
    public async Task A_partition_the_topic_does_not_have_is_refused_and_nothing_written()
    {
        var topic = await TopicAsync(partitions: 2);
        LogRecord[] records = [Record("a", "1", 0), Record("b", "2", 2)];
        await Should.ThrowAsync<ArgumentException>(async () => await Log.AppendAsync(topic, records, Token));
        (await ReadAllAsync(topic)).ShouldBeEmpty();
    }
}
