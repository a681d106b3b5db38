namespace Marketplace.EventLog.Contract;

/// <summary>Retention takes the oldest records and moves the beginning; offsets and the rest stay.</summary>
public abstract class RetentionContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task Records_older_than_the_retention_time_go_and_the_others_stay()
    {
        var topic = await TopicAsync(with: spec => spec with { RetentionTime = Day });
        await Log.AppendAsync(topic, Records(100, "old"), Token);
        Advance(Day / 2);
        var kept = await Log.AppendAsync(topic, Records(10, "new"), Token);
        await MaintainAsync();
        (await ReadAllAsync(topic)).Count.ShouldBe(110);

        Advance((Day / 2) + TimeSpan.FromSeconds(1));
        await MaintainAsync();

        (await ReadAllAsync(topic)).Select(copy => copy.Offset).ShouldBe(kept.Select(position => position.Offset));
        var range = await Log.GetRangeAsync(new TopicPartition(topic, 0), Token);
        range.Begin.ShouldBe(kept[0].Offset);
        await Harness.ReopenAsync();
        (await Log.GetRangeAsync(new TopicPartition(topic, 0), Token)).ShouldBe(range);
        (await ReadAllAsync(topic)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task When_everything_is_gone_the_offsets_go_on()
    {
        var topic = await TopicAsync(with: spec => spec with { RetentionTime = Day });
        await Log.AppendAsync(topic, Records(10), Token);
        var before = await Log.GetRangeAsync(new TopicPartition(topic, 0), Token);
        Advance(2 * Day);
        await MaintainAsync();
        (await ReadAllAsync(topic)).ShouldBeEmpty();
        await Harness.ReopenAsync();

        (await Log.GetRangeAsync(new TopicPartition(topic, 0), Token)).ShouldBe(new OffsetRange(before.End, before.End));
        (await Log.AppendAsync(topic, Record("k", "v"), Token)).Offset.ShouldBeGreaterThanOrEqualTo(before.End);
        (await ReadAllAsync(topic)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_reader_below_the_beginning_is_told_or_goes_on_at_the_beginning()
    {
        var topic = await TopicAsync(with: spec => spec with { RetentionTime = Day });
        var old = await Log.AppendAsync(topic, Records(10, "old"), Token);
        await using var strict = await ReaderAsync(topic, old[0].Offset);
        await using var forgiving = await ReaderAsync(topic, old[5].Offset, options: new ReaderOptions { ResetToBegin = true });
        await using var fromBegin = await ReaderAsync(topic);
        Advance(2 * Day);
        await Log.AppendAsync(topic, Records(3, "new"), Token);
        await MaintainAsync();

        (await Should.ThrowAsync<OffsetOutOfRangeException>(async () => await strict.ReadAsync(Token))).Range.Begin.ShouldBeGreaterThan(old[^1].Offset);
        (await ReadUntilAsync(forgiving, read => read.Count == 3))[0].Value.ShouldBe("new0");
        (await ReadUntilAsync(fromBegin, read => read.Count == 3))[0].Value.ShouldBe("new0");
    }

    [Fact]
    public async Task A_reader_of_what_is_gone_is_told_where_it_goes_on_also_when_nothing_is_left()
    {
        var topic = await TopicAsync(with: spec => spec with { RetentionTime = Day });
        var old = await Log.AppendAsync(topic, Records(10, "old"), Token);
        await using var within = await ReaderAsync(topic, old[5].Offset, options: new ReaderOptions { ResetToBegin = true });
        Advance(2 * Day);
        await MaintainAsync();

        var end = (await Log.GetRangeAsync(new TopicPartition(topic, 0), Token)).End;
        using var batch = await within.ReadAsync(Token);
        (batch!.Count, batch.NextOffset).ShouldBe((0, end));
        await using var fromBegin = await ReaderAsync(topic);
        fromBegin.PositionOf(new TopicPartition(topic, 0)).ShouldBe(end);
    }

    [Fact]
    public async Task The_newest_bytes_stay_and_what_is_beyond_them_goes()
    {
        var topic = await TopicAsync(partitions: 2, with: spec => spec with { RetentionBytes = 1_000_000 });
        for (var i = 0; i < 300; i++)
        {
            await Log.AppendAsync(topic, Record($"k{i}", new string('x', 10_000), 0), Token);
        }

        await Log.AppendAsync(topic, Records(10, partition: 1), Token);
        var all = await ReadAllAsync(topic);
        await MaintainAsync();

        var read = await ReadAllAsync(topic);
        read.ShouldBe(all.TakeLast(read.Count), "the oldest go, and nothing else");
        read.Count.ShouldBeGreaterThanOrEqualTo(99);
        read.Count.ShouldBeLessThan(300);
        if (Harness.MaintainsAll)
        {
            read.Count.ShouldBeLessThanOrEqualTo(101);
        }

        (await ReadAllAsync(topic, 1)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Readers_beside_retention_miss_nothing_that_is_within_the_range()
    {
        var topic = await TopicAsync(with: spec => spec with { RetentionBytes = 20_000 });
        var name = new TopicPartition(topic, 0);
        const int Count = 400;
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await Log.AppendAsync(topic, Record("k", $"{i} {new string('x', 1000)}"), Token);
            }
        });
        var reading = Task.Run(async () =>
        {
            await using var reader = await ReaderAsync(topic, options: new ReaderOptions { ResetToBegin = true, MaxBatchBytes = 4000 });
            for (var next = 0; next < Count;)
            {
                var from = reader.PositionOf(name);
                using var batch = await reader.ReadAsync(Token);
                foreach (var copy in Copy.Of(batch!))
                {
                    var number = int.Parse(copy.Value!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
                    (number == next || (await Log.GetRangeAsync(name, Token)).Begin > from).ShouldBeTrue($"{number} came after {next - 1}");
                    next = number + 1;
                }
            }
        });
        while (!appending.IsCompleted)
        {
            await MaintainAsync();
        }

        await appending;
        await reading;
    }
}
