namespace Marketplace.EventLog.Contract;

/// <summary>What was acknowledged is there after the log was closed and opened again.</summary>
public abstract class DurabilityContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    [Fact]
    public async Task Records_stand_where_they_stood()
    {
        var topic = await TopicAsync(partitions: 3);
        await Log.AppendAsync(topic, Records(1000), Token);
        var before = await ReadAllPartitionsAsync();
        await Harness.ReopenAsync();
        (await ReadAllPartitionsAsync()).ShouldBe(before);
        before.Count.ShouldBe(1000);

        async Task<List<Copy>> ReadAllPartitionsAsync()
        {
            var all = new List<Copy>();
            for (var partition = 0; partition < 3; partition++)
            {
                all.AddRange(await ReadAllAsync(topic, partition));
            }

            return all;
        }
    }

    [Fact]
    public async Task New_records_come_after_the_old()
    {
        var topic = await TopicAsync();
        var last = -1L;
        for (var round = 0; round < 4; round++)
        {
            var position = await Log.AppendAsync(topic, Record("k", $"{round}"), Token);
            position.Offset.ShouldBeGreaterThan(last);
            last = position.Offset;
            await Harness.ReopenAsync();
        }

        (await ReadAllAsync(topic)).Select(copy => copy.Value).ShouldBe(["0", "1", "2", "3"]);
    }

    [Fact]
    public async Task Committed_outputs_and_positions_stay_together()
    {
        var input = new TopicPartition(await TopicAsync(), 0);
        var topic = await TopicAsync();
        await using (var writer = await Log.OpenWriterAsync($"w-{topic}", Token))
        {
            var batch = new AtomicBatch();
            batch.Add(topic, Record("k", "v"));
            batch.SetPosition($"g-{topic}", input, new GroupPosition(41, "слово"));
            await writer.CommitAsync(batch, Token);
        }

        await Harness.ReopenAsync();

        (await ReadAllAsync(topic)).ShouldHaveSingleItem();
        (await Log.GetPositionsAsync($"g-{topic}", Token)).ShouldHaveSingleItem().ShouldBe(new(input, new GroupPosition(41, "слово")));
    }

    [Fact]
    public async Task An_empty_topic_stays_empty_and_usable()
    {
        var topic = await TopicAsync();
        await Harness.ReopenAsync();
        (await ReadAllAsync(topic)).ShouldBeEmpty();
        await Log.AppendAsync(topic, Record("k", "v"), Token);
        (await ReadAllAsync(topic)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_writer_of_the_same_name_goes_on_after_a_restart()
    {
        var topic = await TopicAsync();
        for (var round = 0; round < 3; round++)
        {
            await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
            var batch = new AtomicBatch();
            batch.Add(topic, Record("k", $"{round}"));
            await writer.CommitAsync(batch, Token);
            await Harness.ReopenAsync();
        }

        (await ReadAllAsync(topic)).Select(copy => copy.Value).ShouldBe(["0", "1", "2"]);
    }
}
