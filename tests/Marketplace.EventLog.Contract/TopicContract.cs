namespace Marketplace.EventLog.Contract;

/// <summary>Topics are made once, kept, and never changed in a way that breaks what others rely on.</summary>
public abstract class TopicContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    [Fact]
    public async Task A_topic_is_described_as_it_was_asked_for()
    {
        var spec = new TopicSpec($"t-{Guid.NewGuid():N}", 3)
        {
            MaxMessageBytes = 300_000,
            Compaction = new Compaction(TimeSpan.FromDays(7), TimeSpan.FromDays(2)),
            RetentionTime = TimeSpan.FromDays(30),
            RetentionBytes = 100_000_000,
        };
        await Log.EnsureTopicsAsync([spec], Token);
        (await Log.DescribeTopicsAsync(Token))[spec.Name].Spec.ShouldBe(spec);
    }

    [Fact]
    public async Task Asking_again_changes_neither_the_topic_nor_what_is_in_it()
    {
        var topic = await TopicAsync(partitions: 2);
        var before = (await Log.DescribeTopicsAsync(Token))[topic];
        await Log.AppendAsync(topic, Record("k", "v", 1), Token);

        await Log.EnsureTopicsAsync([before.Spec], Token);
        await Harness.ReopenAsync();
        await Log.EnsureTopicsAsync([before.Spec], Token);

        (await Log.DescribeTopicsAsync(Token))[topic].ShouldBe(before);
        (await ReadAllAsync(topic, 1)).ShouldHaveSingleItem().Value.ShouldBe("v");
    }

    [Fact]
    public async Task Settings_that_break_nothing_are_changed()
    {
        var topic = await TopicAsync();
        var wanted = new TopicSpec(topic, 1) { RetentionTime = TimeSpan.FromDays(3), MaxMessageBytes = 100 };
        await Log.EnsureTopicsAsync([wanted], Token);
        await DescribedAsync(topic, spec => spec == wanted);
        await Should.ThrowAsync<RecordTooLargeException>(async () => await Log.AppendAsync(topic, Record("k", new string('x', 100)), Token));
        await Harness.ReopenAsync();
        await DescribedAsync(topic, spec => spec == wanted);
    }

    [Fact]
    public async Task Another_number_of_partitions_is_refused_with_both_numbers()
    {
        var topic = await TopicAsync(partitions: 3);
        var thrown = await Should.ThrowAsync<TopicMismatchException>(async () => await Log.EnsureTopicsAsync([new TopicSpec(topic, 6)], Token));
        thrown.Message.ShouldContain(topic);
        thrown.Message.ShouldContain("3");
        thrown.Message.ShouldContain("6");
        (await Log.DescribeTopicsAsync(Token))[topic].Spec.Partitions.ShouldBe(3);
    }

    [Fact]
    public async Task Of_two_that_make_a_topic_at_once_with_different_partitions_one_is_refused()
    {
        var topic = $"{Guid.NewGuid():N}";
        var outcomes = await Task.WhenAll(new[] { 3, 6 }.Select(async partitions =>
        {
            try
            {
                await Log.EnsureTopicsAsync([new TopicSpec(topic, partitions)], Token);
                return partitions;
            }
            catch (TopicMismatchException)
            {
                return 0;
            }
        }));
        outcomes.Count(partitions => partitions == 0).ShouldBe(1);
        (await Log.DescribeTopicsAsync(Token))[topic].Spec.Partitions.ShouldBe(outcomes.Max());
    }

    [Fact]
    public async Task Partitions_are_added_and_what_is_there_stays()
    {
        var topic = await TopicAsync(partitions: 2, spec => spec with { RetentionTime = TimeSpan.FromDays(3) });
        var before = (await Log.DescribeTopicsAsync(Token))[topic];
        await Log.AppendAsync(topic, Record("k", "old", 1), Token);

        await Log.AddPartitionsAsync(topic, 4, Token);
        await Log.AddPartitionsAsync(topic, 4, Token);
        await Log.AppendAsync(topic, Record("k", "new", 3), Token);
        await Harness.ReopenAsync();

        var after = await DescribedAsync(topic, spec => spec.Partitions == 4);
        (after.Id, after.Spec.Partitions, after.Spec.RetentionTime).ShouldBe((before.Id, 4, before.Spec.RetentionTime));
        (await ReadAllAsync(topic, 1)).ShouldHaveSingleItem().Value.ShouldBe("old");
        (await ReadAllAsync(topic, 2)).ShouldBeEmpty();
        (await ReadAllAsync(topic, 3)).ShouldHaveSingleItem().Value.ShouldBe("new");
        await Should.ThrowAsync<TopicMismatchException>(async () => await Log.AddPartitionsAsync(topic, 3, Token));
        await Should.ThrowAsync<UnknownTopicException>(async () => await Log.AddPartitionsAsync("no-such-topic", 3, Token));
    }

    [Fact]
    public async Task Another_cleanup_is_refused()
    {
        var topic = await TopicAsync();
        var compacted = new TopicSpec(topic, 1) { Compaction = new Compaction(TimeSpan.Zero, TimeSpan.Zero) };
        (await Should.ThrowAsync<TopicMismatchException>(async () => await Log.EnsureTopicsAsync([compacted], Token))).Message.ShouldContain(topic);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_unknown_to_everything()
    {
        var missing = new TopicPartition("no-such-topic", 0);
        await Should.ThrowAsync<UnknownTopicException>(async () => await Log.GetRangeAsync(missing, Token));
        await Should.ThrowAsync<UnknownTopicException>(
            async () => await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [missing] = LogOffset.Begin }, ReaderOptions.Default, Token));
        await Should.ThrowAsync<UnknownTopicException>(
            async () => await Log.JoinGroupAsync("g", [missing.Topic], new Journal("nobody", []), ReaderOptions.Default, Token));
        (await Log.DescribeTopicsAsync(Token)).Keys.ShouldNotContain(missing.Topic);
    }

    [Fact]
    public async Task A_partition_the_topic_does_not_have_has_no_range_and_no_reader()
    {
        var missing = new TopicPartition(await TopicAsync(partitions: 2), 2);
        await Should.ThrowAsync<ArgumentException>(async () => await Log.GetRangeAsync(missing, Token));
        await Should.ThrowAsync<ArgumentException>(
            async () => await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [missing] = LogOffset.Begin }, ReaderOptions.Default, Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("товары")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void A_name_that_Kafka_would_not_take_is_no_topic_name(string name) => Should.Throw<ArgumentException>(() => new TopicSpec(name, 1));

    /// <summary>The topic as it is told once it is as wanted: of several brokers, one may tell for a moment what was.</summary>
    private async Task<TopicDescription> DescribedAsync(string topic, Func<TopicSpec, bool> isWanted)
    {
        while (true)
        {
            if ((await Log.DescribeTopicsAsync(Token)).TryGetValue(topic, out var found) && isWanted(found.Spec))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }
    }
}
