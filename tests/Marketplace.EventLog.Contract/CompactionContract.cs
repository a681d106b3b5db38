namespace Marketplace.EventLog.Contract;

/// <summary>Compaction keeps the latest record of each key where it stands, and forgets what tombstones say.</summary>
public abstract class CompactionContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    private static readonly TimeSpan Lag = TimeSpan.FromHours(1);
    private static readonly TimeSpan TombstoneRetention = TimeSpan.FromHours(24);

    [Fact]
    public async Task The_latest_record_of_each_key_stays_where_it_was()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        for (var round = 0; round < 20; round++)
        {
            await Log.AppendAsync(topic, Records(50, $"r{round}-"), Token);
        }

        var before = await ReadAllAsync(topic);
        await MaintainAsync();
        var after = await ReadAllAsync(topic);

        after.Count.ShouldBeLessThan(before.Count);
        after.ShouldBe(before.Where(after.Contains), "nothing moves and nothing changes");
        Latest(after).ShouldBe(Latest(before), ignoreOrder: true);
        if (Harness.MaintainsAll)
        {
            after.Count.ShouldBe(50);
        }

        await Harness.ReopenAsync();
        (await ReadAllAsync(topic)).ShouldBe(after);
    }

    [Fact]
    public async Task The_range_and_the_offsets_to_come_are_not_compactions_business()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        var name = new TopicPartition(topic, 0);
        await Log.AppendAsync(topic, Enumerable.Range(0, 100).Select(i => Record("k", $"{i}")).ToArray(), Token);
        var range = await Log.GetRangeAsync(name, Token);
        await MaintainAsync();
        (await Log.GetRangeAsync(name, Token)).ShouldBe(range);
        await Harness.ReopenAsync();
        (await Log.GetRangeAsync(name, Token)).ShouldBe(range);
        (await Log.AppendAsync(topic, Record("k", "next"), Token)).Offset.ShouldBeGreaterThanOrEqualTo(range.End);
    }

    [Fact]
    public async Task A_reader_goes_on_past_what_was_removed()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        var name = new TopicPartition(topic, 0);
        var positions = await Log.AppendAsync(topic, Enumerable.Range(0, 200).Select(i => Record($"k{i % 5}", $"{i}")).ToArray(), Token);
        await using var reader = await ReaderAsync(topic, positions[17].Offset);
        await MaintainAsync();

        var expected = (await ReadAllAsync(topic)).Where(copy => copy.Offset >= positions[17].Offset).ToList();
        var read = new List<Copy>();
        while (reader.PositionOf(name) < (await Log.GetRangeAsync(name, Token)).End)
        {
            using var batch = await reader.ReadAsync(Token);
            read.AddRange(Copy.Of(batch!));
        }

        read.ShouldBe(expected);
        reader.Seek(name, positions[3].Offset);
        using var again = await reader.ReadAsync(Token);
        again!.NextOffset.ShouldBeGreaterThan(positions[3].Offset);
    }

    [Fact]
    public async Task A_record_younger_than_the_lag_is_never_removed()
    {
        var topic = await CompactedAsync(Lag);
        await Log.AppendAsync(topic, new[] { Record("k", "1"), Record("k", "2") }, Token);
        Advance(Lag / 2);
        await Log.AppendAsync(topic, new[] { Record("k", "3"), Record("k", "4") }, Token);
        await MaintainAsync();
        (await ReadAllAsync(topic)).Count.ShouldBe(4);

        Advance(Lag / 2);
        await MaintainAsync();
        var read = (await ReadAllAsync(topic)).Select(copy => copy.Value).ToList();
        read.ShouldBe(["2", "3", "4"]);
    }

    [Fact]
    public async Task A_tombstone_removes_the_keys_records_at_once_and_itself_later()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        await Log.AppendAsync(topic, new[] { Record("kept", "1"), Record("gone", "2"), LogRecord.Tombstone(Bytes("gone")), Record("other", "3") }, Token);
        await MaintainAsync();
        (await ReadAllAsync(topic)).Select(copy => (copy.Key, copy.Value)).ShouldBe([("kept", "1"), ("gone", null), ("other", "3")]);

        Advance(TombstoneRetention - TimeSpan.FromMinutes(1));
        await MaintainAsync();
        (await ReadAllAsync(topic)).Count.ShouldBe(3);

        Advance(TimeSpan.FromMinutes(1));
        await MaintainAsync();
        (await ReadAllAsync(topic)).Select(copy => copy.Key).ShouldBe(["kept", "other"]);
    }

    [Fact]
    public async Task A_key_that_comes_back_after_its_tombstone_stays()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        await Log.AppendAsync(topic, new[] { Record("k", "1"), LogRecord.Tombstone(Bytes("k")) }, Token);
        await MaintainAsync();
        await Log.AppendAsync(topic, Record("k", "2"), Token);
        Advance(TombstoneRetention);
        await MaintainAsync();
        (await ReadAllAsync(topic)).ShouldHaveSingleItem().Value.ShouldBe("2");
    }

    [Fact]
    public async Task Compacting_again_removes_what_has_been_superseded_since()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        for (var round = 0; round < 5; round++)
        {
            await Log.AppendAsync(topic, Records(10, $"r{round}-"), Token);
            await MaintainAsync();
            var read = await ReadAllAsync(topic);
            Latest(read).Values.ShouldBe(Enumerable.Range(0, 10).Select(i => $"r{round}-{i}"), ignoreOrder: true);
            if (Harness.MaintainsAll)
            {
                read.Count.ShouldBe(10);
            }
        }
    }

    [Fact]
    public async Task Topics_without_compaction_keep_everything()
    {
        var topic = await TopicAsync();
        await Log.AppendAsync(topic, Enumerable.Range(0, 10).Select(i => Record("k", $"{i}")).ToArray(), Token);
        await MaintainAsync();
        (await ReadAllAsync(topic)).Count.ShouldBe(10);
    }

    [Fact]
    public async Task Appends_commits_and_readers_beside_compaction_notice_nothing_of_it()
    {
        var topic = await CompactedAsync(TimeSpan.Zero);
        const int Count = 3000;
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i += 10)
            {
                await Log.AppendAsync(topic, Enumerable.Range(i, 10).Select(n => Record($"k{n % 30}", $"{n}")).ToArray(), Token);
            }
        });
        var reading = Task.Run(async () =>
        {
            await using var reader = await ReaderAsync(topic, options: new ReaderOptions { MaxBatchBytes = 2048 });
            var latest = new Dictionary<string, int>();
            for (var last = -1L; latest.Count < 30 || latest.Values.Max() < Count - 1;)
            {
                using var batch = await reader.ReadAsync(Token);
                foreach (var copy in Copy.Of(batch!))
                {
                    copy.Offset.ShouldBeGreaterThan(last);
                    last = copy.Offset;
                    latest[copy.Key!] = int.Parse(copy.Value!, System.Globalization.CultureInfo.InvariantCulture);
                }
            }

            return latest;
        });
        while (!appending.IsCompleted)
        {
            await MaintainAsync();
        }

        await appending;
        var expected = Enumerable.Range(Count - 30, 30).ToDictionary(n => $"k{n % 30}", n => n);
        (await reading).ShouldBe(expected, ignoreOrder: true);
        await MaintainAsync();
        Latest(await ReadAllAsync(topic)).ShouldBe(expected.ToDictionary(pair => pair.Key, pair => (string?)$"{pair.Value}"), ignoreOrder: true);
    }

    private static Dictionary<string, string?> Latest(IEnumerable<Copy> read)
    {
        var latest = new Dictionary<string, string?>();
        foreach (var copy in read)
        {
            latest[copy.Key!] = copy.Value;
        }

        return latest;
    }

    private Task<string> CompactedAsync(TimeSpan lag) => TopicAsync(with: spec => spec with { Compaction = new Compaction(lag, TombstoneRetention) });
}
