using System.Globalization;

namespace Marketplace.EventLog.Contract;

/// <summary>Outputs and input positions commit together or not at all.</summary>
public abstract class AtomicCommitContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    [Fact]
    public async Task Outputs_of_several_topics_and_positions_become_visible_together()
    {
        var input = new TopicPartition(await TopicAsync(), 0);
        var first = await TopicAsync(partitions: 2);
        var second = await TopicAsync();
        await using var writer = await Log.OpenWriterAsync($"w-{first}", Token);
        var batch = new AtomicBatch();
        batch.Add(first, Record("a", "1", 1));
        batch.Add(second, Record("b", "2"));
        batch.Add(first, Record("c", "3", 1));
        batch.SetPosition($"g-{first}", input, new GroupPosition(7, "{\"state\":1}"));

        var positions = await writer.CommitAsync(batch, Token);

        positions.Select(position => position.Partition).ShouldBe([1, 0, 1]);
        (await ReadAllAsync(first, 1)).Select(copy => (copy.Offset, copy.Value)).ShouldBe([(positions[0].Offset, "1"), (positions[2].Offset, "3")]);
        (await ReadAllAsync(second)).ShouldHaveSingleItem().Value.ShouldBe("2");
        (await Log.GetPositionsAsync($"g-{first}", Token)).ShouldHaveSingleItem().ShouldBe(new(input, new GroupPosition(7, "{\"state\":1}")));
    }

    [Fact]
    public async Task Whoever_sees_a_position_has_all_that_was_committed_with_it_before_the_settled_end()
    {
        const int Commits = 20;
        var topic = await TopicAsync();
        var output = new TopicPartition(topic, 0);
        var (group, input) = ($"g-{topic}", new TopicPartition(await TopicAsync(), 0));
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var writing = Task.Run(async () =>
        {
            var batch = new AtomicBatch();
            for (var n = 1; n <= Commits; n++)
            {
                batch.Clear();
                batch.Add(topic, Record("a", $"{n}"));
                batch.SetPosition(group, input, new GroupPosition(n, null));
                await writer.CommitAsync(batch, Token);
            }
        }, Token);

        var sights = new List<(long Position, long End)> { (0, 0) };
        while (sights[^1].Position < Commits && !writing.IsFaulted)
        {
            if ((await Log.GetPositionsAsync(group, Token)).TryGetValue(input, out var position) && position.Offset > sights[^1].Position)
            {
                sights.Add((position.Offset, await Log.GetSettledEndAsync(output, Token)));
            }
        }

        await writing;
        var offsets = (await ReadAllAsync(topic)).ConvertAll(copy => copy.Offset);
        sights.Where(sight => offsets.Count(offset => offset < sight.End) < sight.Position).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_derived_record_knows_where_the_records_before_it_stand()
    {
        var topic = await TopicAsync(partitions: 3);
        var receipts = await TopicAsync();
        await Log.AppendAsync(topic, Records(10), Token);
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var batch = new AtomicBatch();
        batch.Add(topic, Record("a", "1"));
        batch.Add(topic, Record("b", "2"));
        batch.AddDerived(receipts, Receipt);
        batch.Add(topic, Record("a", "3"));
        batch.AddDerived(receipts, Receipt);

        var positions = await writer.CommitAsync(batch, Token);

        var values = (await ReadAllAsync(receipts)).Select(copy => copy.Value).ToList();
        values.ShouldBe([Listed(positions[..2]), Listed(positions[..4])]);
        var written = await ReadAllAsync(topic, positions[3].Partition, positions[3].Offset);
        written[0].Value.ShouldBe("3");

        static LogRecord Receipt(IReadOnlyList<RecordPosition> before) => Record("receipt", Listed(before));
        static string Listed(IEnumerable<RecordPosition> positions) => string.Join(' ', positions.Select(position => $"{position.Partition}:{position.Offset}"));
    }

    [Fact]
    public async Task A_refused_commit_leaves_nothing_behind()
    {
        var topic = await TopicAsync(with: spec => spec with { MaxMessageBytes = 100 });
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var batch = new AtomicBatch();
        batch.Add(topic, Record("a", "1"));
        batch.Add(topic, Record("b", new string('x', 100)));
        batch.SetPosition($"refused-{topic}", new TopicPartition(topic, 0), new GroupPosition(1));

        await Should.ThrowAsync<RecordTooLargeException>(async () => await writer.CommitAsync(batch, Token));

        (await ReadAllAsync(topic)).ShouldBeEmpty();
        (await Log.GetPositionsAsync($"refused-{topic}", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_derived_record_that_fails_takes_the_whole_commit_with_it()
    {
        var topic = await TopicAsync();
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var batch = new AtomicBatch();
        batch.Add(topic, Record("a", "1"));
        batch.AddDerived(topic, _ => throw new FormatException("no receipt"));
        await Should.ThrowAsync<FormatException>(async () => await writer.CommitAsync(batch, Token));

        (await ReadAllAsync(topic)).ShouldBeEmpty();

        batch.Clear();
        batch.Add(topic, Record("b", "2"));
        await writer.CommitAsync(batch, Token);
        (await ReadAllAsync(topic)).ShouldHaveSingleItem().Value.ShouldBe("2");
    }

    [Fact]
    public async Task An_unknown_topic_among_the_outputs_or_inputs_is_refused()
    {
        var topic = await TopicAsync();
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var batch = new AtomicBatch();
        batch.Add(topic, Record("a", "1"));
        batch.Add("no-such-topic", Record("b", "2"));
        await Should.ThrowAsync<UnknownTopicException>(async () => await writer.CommitAsync(batch, Token));

        batch.Clear();
        batch.Add(topic, Record("a", "1"));
        batch.SetPosition($"g-{topic}", new TopicPartition("no-such-topic", 0), new GroupPosition(1));
        await Should.ThrowAsync<UnknownTopicException>(async () => await writer.CommitAsync(batch, Token));

        (await ReadAllAsync(topic)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Positions_alone_and_nothing_at_all_can_be_committed()
    {
        var topic = await TopicAsync();
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var batch = new AtomicBatch();
        (await writer.CommitAsync(batch, Token)).ShouldBeEmpty();

        batch.SetPosition($"g-{topic}", new TopicPartition(topic, 0), new GroupPosition(3));
        (await writer.CommitAsync(batch, Token)).ShouldBeEmpty();
        (await Log.GetPositionsAsync($"g-{topic}", Token))[new TopicPartition(topic, 0)].ShouldBe(new GroupPosition(3));
    }

    [Fact]
    public async Task A_newer_writer_of_the_name_fences_the_older()
    {
        var topic = await TopicAsync();
        var name = $"w-{topic}";
        await using var older = await Log.OpenWriterAsync(name, Token);
        await using var newer = await Log.OpenWriterAsync(name, Token);
        var batch = new AtomicBatch();
        batch.Add(topic, Record("zombie", "1"));

        await Should.ThrowAsync<WriterFencedException>(async () => await older.CommitAsync(batch, Token));

        batch.Clear();
        batch.Add(topic, Record("alive", "2"));
        await newer.CommitAsync(batch, Token);
        (await ReadAllAsync(topic)).ShouldHaveSingleItem().Key.ShouldBe("alive");
    }

    [Fact]
    public async Task Writers_of_other_names_do_not_fence_each_other()
    {
        var topic = await TopicAsync();
        await using var one = await Log.OpenWriterAsync($"one-{topic}", Token);
        await using var two = await Log.OpenWriterAsync($"two-{topic}", Token);
        foreach (var writer in new[] { one, two, one })
        {
            var batch = new AtomicBatch();
            batch.Add(topic, Record(writer.Name, "v"));
            await writer.CommitAsync(batch, Token);
        }

        (await ReadAllAsync(topic)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Positions_count_exactly_what_was_written_with_them()
    {
        var topic = await TopicAsync();
        var input = new TopicPartition(await TopicAsync(), 0);
        var group = $"g-{topic}";
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var noise = Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await Log.AppendAsync(input.Topic, Record("noise", "n"), Token);
            }
        });
        var batch = new AtomicBatch();
        for (var i = 1; i <= 100; i++)
        {
            batch.Clear();
            batch.Add(topic, Record("k", i.ToString(CultureInfo.InvariantCulture)));
            batch.SetPosition(group, input, new GroupPosition(i));
            await writer.CommitAsync(batch, Token);
            (await Log.GetPositionsAsync(group, Token))[input].Offset.ShouldBe(i);
        }

        await noise;
        await Harness.ReopenAsync();
        (await ReadAllAsync(topic)).Select(copy => copy.Value).ShouldBe(Enumerable.Range(1, 100).Select(i => $"{i}"));
        (await Log.GetPositionsAsync(group, Token))[input].Offset.ShouldBe(100);
    }

    [Fact]
    public async Task Groups_are_listed_once_they_have_a_position()
    {
        var topic = await TopicAsync();
        var group = $"g-{Guid.NewGuid():N}";
        (await Log.ListGroupsAsync(Token)).ShouldNotContain(group);

        await using var writer = await Log.OpenWriterAsync($"w-{group}", Token);
        var commit = new AtomicBatch();
        commit.SetPosition(group, new TopicPartition(topic, 0), new GroupPosition(7));
        await writer.CommitAsync(commit, Token);

        (await Log.ListGroupsAsync(Token)).ShouldContain(group);
    }
}
