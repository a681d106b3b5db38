namespace Marketplace.EventLog.Contract;

/// <summary>Where a reader begins, how it waits and is woken, how it is stopped.</summary>
public abstract class ReaderContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    [Fact]
    public async Task A_reader_begins_where_it_is_told()
    {
        var topic = await TopicAsync();
        var positions = await Log.AppendAsync(topic, Records(10), Token);

        (await ReadAllAsync(topic)).Count.ShouldBe(10);
        (await ReadAllAsync(topic, from: positions[4].Offset)).Select(copy => copy.Value).ShouldBe(Enumerable.Range(4, 6).Select(i => $"v{i}"));
        await using var reader = await ReaderAsync(topic, LogOffset.End);
        var later = await Log.AppendAsync(topic, Record("later", "v"), Token);
        (await ReadUntilAsync(reader, read => read.Count > 0)).ShouldHaveSingleItem().Offset.ShouldBe(later.Offset);
    }

    [Fact]
    public async Task A_range_is_empty_at_first_and_ends_after_the_last_record()
    {
        var topic = await TopicAsync();
        var name = new TopicPartition(topic, 0);
        var empty = await Log.GetRangeAsync(name, Token);
        empty.Begin.ShouldBe(empty.End);

        var positions = await Log.AppendAsync(topic, Records(10), Token);
        var full = await Log.GetRangeAsync(name, Token);
        full.Begin.ShouldBe(empty.Begin);
        full.Begin.ShouldBeLessThanOrEqualTo(positions[0].Offset);
        full.End.ShouldBeGreaterThan(positions[^1].Offset);
    }

    [Fact]
    public async Task Batches_follow_each_other_without_a_gap_and_say_when_the_end_is_reached()
    {
        var topic = await TopicAsync();
        var name = new TopicPartition(topic, 0);
        await Log.AppendAsync(topic, Records(5000), Token);
        var end = (await Log.GetRangeAsync(name, Token)).End;
        await using var reader = await ReaderAsync(topic, options: new ReaderOptions { MaxBatchBytes = 4096 });

        var (position, last, count) = (reader.PositionOf(name), -1L, 0);
        while (position < end)
        {
            using var batch = await reader.ReadAsync(Token);
            batch!.Partition.ShouldBe(name);
            foreach (var record in batch.Records)
            {
                record.Offset.ShouldBeGreaterThan(last);
                record.Offset.ShouldBeInRange(position, batch.NextOffset - 1);
                last = record.Offset;
                count++;
            }

            position = batch.NextOffset;
            reader.PositionOf(name).ShouldBe(position);
            batch.AtEnd.ShouldBe(position >= batch.EndOffset);
        }

        count.ShouldBe(5000);
    }

    [Fact]
    public async Task A_reader_can_go_back_and_forth()
    {
        var topic = await TopicAsync();
        var name = new TopicPartition(topic, 0);
        var positions = await Log.AppendAsync(topic, Records(10), Token);
        await using var reader = await ReaderAsync(topic);
        await ReadUntilAsync(reader, read => read.Count == 10);

        reader.Seek(name, positions[7].Offset);
        (await ReadUntilAsync(reader, read => read.Count == 3))[0].Value.ShouldBe("v7");
        reader.Seek(name, LogOffset.Begin);
        (await ReadUntilAsync(reader, read => read.Count == 10))[0].Value.ShouldBe("v0");
        reader.Seek(name, positions[0].Offset);
        reader.Seek(name, LogOffset.End);
        await Log.AppendAsync(topic, Record("k", "new"), Token);
        (await ReadUntilAsync(reader, read => read.Count > 0)).ShouldHaveSingleItem().Value.ShouldBe("new");
    }

    [Fact]
    public async Task Readers_do_not_disturb_each_other()
    {
        var topic = await TopicAsync();
        await Log.AppendAsync(topic, Records(100), Token);
        await using var one = await ReaderAsync(topic, options: new ReaderOptions { MaxBatchBytes = 100 });
        await using var two = await ReaderAsync(topic, options: new ReaderOptions { MaxBatchBytes = 300 });
        var (first, second) = (new List<Copy>(), new List<Copy>());
        while (first.Count < 100 || second.Count < 100)
        {
            await ReadMoreAsync(one, first);
            await ReadMoreAsync(two, second);
        }

        first.ShouldBe(second);

        async Task ReadMoreAsync(ILogReader reader, List<Copy> into)
        {
            if (into.Count < 100)
            {
                using var batch = await reader.ReadAsync(Token);
                into.AddRange(Copy.Of(batch!));
            }
        }
    }

    [Fact]
    public async Task Partitions_take_turns()
    {
        var topic = await TopicAsync(partitions: 3);
        for (var partition = 0; partition < 3; partition++)
        {
            await Log.AppendAsync(topic, Records(3000, partition: partition), Token);
        }

        await using var reader = await ReaderAsync(topic, partitions: 3, options: new ReaderOptions { MaxBatchBytes = 2048 });
        var first = await ReadUntilAsync(reader, read => read.Select(copy => copy.Partition).Distinct().Count() == 3);
        first.Count.ShouldBeLessThan(9000, "a partition had to wait for another's end");

        var all = first.Concat(await ReadUntilAsync(reader, read => first.Count + read.Count == 9000)).ToList();
        foreach (var partition in all.GroupBy(copy => copy.Partition))
        {
            partition.Select(copy => copy.Value).ShouldBe(Enumerable.Range(0, 3000).Select(i => $"v{i}"));
        }
    }

    [Fact]
    public async Task A_waiting_reader_is_woken_by_an_append_and_by_a_commit()
    {
        var topic = await TopicAsync(partitions: 2);
        await using var reader = await ReaderAsync(topic, partitions: 2);
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        for (var i = 0; i < 20; i++)
        {
            var pending = ReadUntilAsync(reader, read => read.Count > 0);
            if (i % 2 == 0)
            {
                await Log.AppendAsync(topic, Record("k", $"{i}", i / 2 % 2), Token);
            }
            else
            {
                var batch = new AtomicBatch();
                batch.Add(topic, Record("k", $"{i}", i / 2 % 2));
                await writer.CommitAsync(batch, Token);
            }

            (await pending).ShouldHaveSingleItem().Value.ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task Wake_ends_the_pending_read_and_the_next_one_and_loses_nothing()
    {
        var topic = await TopicAsync();
        await using var reader = await ReaderAsync(topic);
        var pending = reader.ReadAsync(Token).AsTask();
        reader.Wake();
        (await pending).ShouldBeNull();

        reader.Wake();
        reader.Wake();
        (await reader.ReadAsync(Token)).ShouldBeNull();

        await Log.AppendAsync(topic, Record("k", "v"), Token);
        (await ReadUntilAsync(reader, read => read.Count > 0)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_reader_as_it_was()
    {
        var topic = await TopicAsync();
        await using var reader = await ReaderAsync(topic);
        using (var cancellation = new CancellationTokenSource())
        {
            var pending = reader.ReadAsync(cancellation.Token).AsTask();
            await cancellation.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => pending);
            await Should.ThrowAsync<OperationCanceledException>(async () => await reader.ReadAsync(cancellation.Token));
        }

        await Log.AppendAsync(topic, Record("k", "v"), Token);
        (await ReadUntilAsync(reader, read => read.Count > 0)).ShouldHaveSingleItem().Value.ShouldBe("v");
    }

    [Fact]
    public async Task Disposing_a_reader_ends_its_pending_read()
    {
        var topic = await TopicAsync();
        var reader = await ReaderAsync(topic);
        var pending = reader.ReadAsync(Token).AsTask();
        await reader.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => pending);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await reader.ReadAsync(Token));
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task A_position_past_the_end_is_out_of_range_or_goes_to_the_beginning()
    {
        var topic = await TopicAsync();
        await Log.AppendAsync(topic, Records(3), Token);
        var range = await Log.GetRangeAsync(new TopicPartition(topic, 0), Token);

        await using (var reader = await ReaderAsync(topic, range.End + 100))
        {
            var thrown = await Should.ThrowAsync<OffsetOutOfRangeException>(async () => await reader.ReadAsync(Token));
            (thrown.Partition, thrown.Range).ShouldBe((new TopicPartition(topic, 0), range));
        }

        await using var forgiving = await ReaderAsync(topic, range.End + 100, options: new ReaderOptions { ResetToBegin = true });
        (await ReadUntilAsync(forgiving, read => read.Count == 3))[0].Value.ShouldBe("v0");
    }
}
