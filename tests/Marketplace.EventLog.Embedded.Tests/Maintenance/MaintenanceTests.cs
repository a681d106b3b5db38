namespace Marketplace.EventLog.Embedded.Tests.Maintenance;

public sealed class MaintenanceTests : EmbeddedTest
{
    private const string Topic = "t";

    [Fact]
    public async Task More_keys_than_a_pass_may_hold_take_more_passes()
    {
        await RestartAsync(options => options with { MaxCompactionKeys = 100, StoredBatchBytes = 1000 });
        await EnsureCompactedAsync();
        for (var round = 0; round < 5; round++)
        {
            await Log.AppendAsync(Topic, Enumerable.Range(0, 1000).Select(i => Record($"k{i}", $"{round}")).ToArray(), Token);
        }

        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).ShouldBe(Enumerable.Repeat("4", 1000));
    }

    [Fact]
    public async Task A_large_topic_is_not_rewritten_for_a_few_new_records()
    {
        await RestartAsync(options => options with { MinCleanableRatio = 0.5 });
        await EnsureCompactedAsync();
        await Log.AppendAsync(Topic, Enumerable.Range(0, 1000).Select(i => Record($"k{i}", "old")).ToArray(), Token);
        await Harness.MaintainAsync();
        await AppendNewAsync(300);
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).Count.ShouldBe(1300);

        await RestartAsync(options => options with { MinCleanableRatio = 0.5 });
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).Count.ShouldBe(1300);
        await AppendNewAsync(800);
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).Count.ShouldBe(1000);

        async Task AppendNewAsync(int count) =>
            await Log.AppendAsync(Topic, Enumerable.Range(0, count).Select(i => Record($"k{i}", "new")).ToArray(), Token);
    }

    [Fact]
    public async Task Small_batches_of_many_appends_become_few()
    {
        await EnsureCompactedAsync();
        for (var i = 0; i < 300; i++)
        {
            await Log.AppendAsync(Topic, Record($"k{i}", $"{i}"), Token);
        }

        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).ShouldBe(Enumerable.Range(0, 300).Select(i => $"{i}"));
        await Harness.CloseAsync();
        Query("SELECT count(*) FROM batches").ShouldBe(1);
        Query("SELECT count FROM batches").ShouldBe(300);
    }

    [Fact]
    public async Task A_record_without_a_key_stays()
    {
        await EnsureCompactedAsync();
        await Log.AppendAsync(Topic, new[] { new LogRecord { Value = "1"u8.ToArray() }, new LogRecord { Value = "2"u8.ToArray() }, Record("k", "3"), Record("k", "4") }, Token);
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).ShouldBe(["1", "2", "4"]);
    }

    [Fact]
    public async Task When_the_last_records_are_compacted_away_their_offsets_are_not_given_again()
    {
        await EnsureCompactedAsync();
        await Log.AppendAsync(Topic, new[] { Record("k", "1"), LogRecord.Tombstone("k"u8.ToArray()) }, Token);
        await Harness.MaintainAsync();
        Harness.Advance(TimeSpan.FromHours(1));
        await Harness.MaintainAsync();
        await Harness.ReopenAsync();
        (await Log.AppendAsync(Topic, Record("k", "2"), Token)).Offset.ShouldBe(2);
        (await ReadAsync(Topic)).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Tombstones_of_different_passes_go_each_at_its_own_time()
    {
        await EnsureCompactedAsync();
        await Log.AppendAsync(Topic, new[] { LogRecord.Tombstone("first"u8.ToArray()), Record("k", "1") }, Token);
        await Harness.MaintainAsync();
        Harness.Advance(TimeSpan.FromMinutes(30));
        await Log.AppendAsync(Topic, LogRecord.Tombstone("second"u8.ToArray()), Token);
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).ShouldBe(["-", "1", "-"]);

        Harness.Advance(TimeSpan.FromMinutes(30));
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).ShouldBe(["1", "-"]);
        Harness.Advance(TimeSpan.FromMinutes(30));
        await Harness.MaintainAsync();
        (await ReadAsync(Topic)).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Space_that_retention_has_freed_is_given_back()
    {
        await EnsureAsync(Topic, spec => spec with { RetentionTime = TimeSpan.FromHours(1) });
        for (var i = 0; i < 40; i++)
        {
            await Log.AppendAsync(Topic, Enumerable.Range(0, 10).Select(part => Record($"{i}", Incompressible(100_000))).ToArray(), Token);
        }

        Harness.Advance(TimeSpan.FromHours(2));
        await Harness.ReopenAsync();
        var before = new FileInfo(Harness.DatabaseFile).Length;
        await Harness.MaintainAsync();
        await Harness.ReopenAsync();

        before.ShouldBeGreaterThan(40_000_000);
        new FileInfo(Harness.DatabaseFile).Length.ShouldBeLessThan(before / 4);
        (await ReadAsync(Topic)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_crash_left_below_the_beginning_is_deleted_the_next_time()
    {
        await EnsureAsync(Topic, spec => spec with { RetentionTime = TimeSpan.FromDays(1) });
        for (var i = 0; i < 10; i++)
        {
            await Log.AppendAsync(Topic, Record("k", $"{i}"), Token);
        }

        await Harness.CloseAsync();
        Change("UPDATE partitions SET begin_offset = 7");
        await Harness.StartAsync();
        (await ReadAsync(Topic)).ShouldBe(["7", "8", "9"]);
        await Harness.MaintainAsync();
        await Harness.CloseAsync();
        Query("SELECT count(*) FROM batches").ShouldBe(3);
    }

    [Fact]
    public async Task It_runs_by_itself_at_its_interval()
    {
        await RestartAsync(options => options with { MaintenanceInterval = TimeSpan.FromMinutes(1) });
        await EnsureCompactedAsync();
        await Log.AppendAsync(Topic, new[] { Record("k", "1"), Record("k", "2") }, Token);
        Harness.Advance(TimeSpan.FromSeconds(59));
        (await ReadAsync(Topic)).Count.ShouldBe(2);
        Harness.Advance(TimeSpan.FromSeconds(1));
        while ((await ReadAsync(Topic)).Count > 1)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }
    }

    private Task EnsureCompactedAsync() => EnsureAsync(Topic, spec => spec with { Compaction = new Compaction(TimeSpan.Zero, TimeSpan.FromHours(1)) });

    private async Task RestartAsync(Func<EmbeddedLogOptions, EmbeddedLogOptions> with)
    {
        Harness.With = with;
        await Harness.ReopenAsync();
    }
}
