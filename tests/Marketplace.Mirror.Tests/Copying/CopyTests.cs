using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Mirror.Tests.Copying;

public sealed class CopyTests : MirrorTest
{
    [Fact]
    public async Task A_copy_is_exact_in_everything_but_the_mirrors_header()
    {
        await EnsureAsync("events", 3);
        await EnsureAsync("products", 2, spec => spec with { Compaction = new Compaction(TimeSpan.FromDays(7), TimeSpan.FromDays(7)) });
        await Source.Log.AppendAsync("events", Record("a", "1", 0, ("как", "есть"), ("нет", null), ("", "")), Token);
        await Source.Log.AppendAsync("events", new LogRecord { Key = null, Value = Array.Empty<byte>(), Partition = 2, Timestamp = 17 }, Token);
        await Source.Log.AppendAsync("products", Record("товар", null), Token);
        await Source.Log.AppendAsync("events", Enumerable.Range(0, 5000).Select(i => Record($"k{i}", new string('x', i % 900))).ToArray(), Token);

        await CopyAsync();

        (await ShouldBeEqualAsync("events", "products")).ShouldBe(5003);
        var topics = await Target.Log.DescribeTopicsAsync(Token);
        topics["products"].Spec.Compaction.ShouldBe(new Compaction(TimeSpan.FromDays(7), TimeSpan.FromDays(7)));
        topics["events"].Spec.Partitions.ShouldBe(3);
        await using var reader = await Target.Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new("events", 2)] = 0 }, ReaderOptions.Default, Token);
        using var batch = await reader.ReadAsync(Token);
        batch!.Records[0].Headers.FindText("mirror-source").ShouldBe("cluster1/0");
    }

    [Fact]
    public async Task What_comes_is_copied_and_topics_partitions_and_settings_follow()
    {
        await EnsureAsync("first", 1);
        using var mirror = Mirror();
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await Source.Log.AppendAsync("first", Record("a", "1"), Token);
        await EventuallyAsync(() => mirror.PositionOf(new("first", 0)) == 1);

        await EnsureAsync("second", 2);
        await Source.Log.AppendAsync("second", Record("b", "2", 1), Token);
        await EventuallyAsync(() => mirror.PositionOf(new("second", 1)) == 1);

        await Source.Log.AddPartitionsAsync("first", 3, Token);
        await Source.Log.AppendAsync("first", Record("c", "3", 2), Token);
        await EventuallyAsync(() => mirror.PositionOf(new("first", 2)) == 1);

        await EnsureAsync("second", 2, spec => spec with { RetentionTime = TimeSpan.FromDays(3) });
        await EventuallyAsync(() => Target.Log.DescribeTopicsAsync(Token).AsTask().Result["second"].Spec.RetentionTime == TimeSpan.FromDays(3));

        await EventuallyAsync(() => mirror.Status.IsCaughtUp);
        await stop.CancelAsync();
        await running;
        (await ShouldBeEqualAsync("first", "second")).ShouldBe(3);
        mirror.Status.Phase.ShouldBe(MirrorPhase.Stopped);
    }

    [Fact]
    public async Task What_came_during_a_commit_follows_as_soon_as_that_has_ended()
    {
        await EnsureAsync("events");
        var target = new SlowLog(Target.Log);

        // Nothing else wakes it: the next look at the source is an hour away.
        using var mirror = Mirror(Options with { WatchInterval = TimeSpan.FromHours(1) }, target: target);
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        for (var n = 0; n < 100; n++)
        {
            target.Hold();
            await Source.Log.AppendAsync("events", Record("during", "1"), Token);
            await EventuallyAsync(() => target.Waiting > 0);
            await Source.Log.AppendAsync("events", Record("meanwhile", "2"), Token);
            target.Release();
            await EventuallyAsync(() => mirror.PositionOf(new("events", 0)) == (n + 1) * 2);
        }

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_partition_is_the_mirrors_before_its_first_record_is_written()
    {
        await EnsureAsync("events", 2);
        await Source.Log.AppendAsync("events", Record("a", "1"), Token);
        var killed = new SlowLog(Target.Log) { Committing = batch => _ = batch.Outputs.Count == 0 ? batch : throw new MirrorException("killed") };
        using (var mirror = Mirror(target: killed))
        {
            await Should.ThrowAsync<MirrorException>(() => mirror.CatchUpAsync(Token));
        }

        (await Target.Log.GetPositionsAsync("mirror", Token)).Keys.OrderBy(partition => partition.Partition).ShouldBe([new("events", 0), new("events", 1)]);
        await CopyAsync();
        (await ShouldBeEqualAsync("events")).ShouldBe(1);
    }

    [Fact]
    public async Task Only_topics_of_the_pattern_are_copied()
    {
        await EnsureAsync("shop-products");
        await EnsureAsync("shop-other");
        await EnsureAsync("other");
        await EnsureAsync("__internal");
        await CopyAsync(Options with { Topics = new TopicPatterns(["shop-*"]) });
        (await Target.Log.DescribeTopicsAsync(Token)).Keys.Order().ShouldBe(["shop-other", "shop-products"]);
        await CopyAsync();
        (await Target.Log.DescribeTopicsAsync(Token)).Keys.Order().ShouldBe(["other", "shop-other", "shop-products"]);
        new TopicPatterns(["shop-*", "shop.*", "other"]).WithoutMatch(["shop-other", "other"]).ShouldBe(["shop.*"]);
    }

    [Fact]
    public async Task The_later_of_two_mirrors_of_one_name_fences_the_earlier_and_nothing_is_copied_twice()
    {
        await EnsureAsync("events", 2);
        using var first = Mirror();
        using var second = Mirror();
        using var stop = new CancellationTokenSource();
        var earlier = first.RunAsync(stop.Token);
        await Source.Log.AppendAsync("events", Enumerable.Range(0, 100).Select(i => Record($"{i}", "x")).ToArray(), Token);
        await EventuallyAsync(() => first.Status.IsCaughtUp);

        var later = second.RunAsync(stop.Token);
        await EventuallyAsync(() => second.Status.Phase == MirrorPhase.Running);
        for (var i = 0; i < 50; i++)
        {
            await Source.Log.AppendAsync("events", Enumerable.Range(0, 20).Select(i => Record($"{i}", "y")).ToArray(), Token);
        }

        // Not what it calls caught up: it may not have seen yet how much there is.
        await EventuallyAsync(() => first.Status.Phase == MirrorPhase.Fenced && second.PositionOf(new("events", 0)) + second.PositionOf(new("events", 1)) == 1100);
        first.Status.Reason!.ShouldContain("mirror");
        await stop.CancelAsync();
        await Task.WhenAll(earlier, later);
        (await ShouldBeEqualAsync("events")).ShouldBe(1100);
    }

    [Fact]
    public async Task Commands_that_come_while_it_begins_do_not_end_it()
    {
        await EnsureAsync("events", 2);
        using var mirror = Mirror();
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        for (var i = 0; i < 50; i++)
        {
            await Should.ThrowAsync<NotMirroredException>(() => mirror.ResumeAsync("unknown", null, default, Token));
        }

        await Source.Log.AppendAsync("events", Record("k", "v"), Token);
        await EventuallyAsync(() => running.IsCompleted || Enumerable.Range(0, 2).Sum(number => mirror.PositionOf(new("events", number)) ?? 0) == 1);
        running.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_mirror_that_comes_back_after_a_trouble_leaves_the_name_to_the_one_that_has_gone_on()
    {
        await EnsureAsync("events", 2);
        var troubled = new SlowLog(Target.Log);
        using var first = Mirror(target: troubled);
        using var second = Mirror();
        using var stop = new CancellationTokenSource();
        var earlier = first.RunAsync(stop.Token);
        await AppendAsync();
        await CopiedByAsync(first);

        // It sleeps in the middle of a commit, as a process that was stopped does, and its client gives the commit up when it wakes.
        troubled.Hold();
        troubled.Fault = () => new LogUnavailableException("The client did not return.");
        await AppendAsync();
        var later = second.RunAsync(stop.Token);
        await CopiedByAsync(second);
        troubled.Release();
        await EventuallyAsync(() => first.Status.Phase == MirrorPhase.Fenced);
        await AppendAsync();
        await CopiedByAsync(second);
        second.Status.Phase.ShouldBe(MirrorPhase.Running);

        // A command takes it back.
        troubled.Fault = () => null;
        await first.CatchUpAsync(Token);
        await AppendAsync();
        await CopiedByAsync(first);
        await EventuallyAsync(() => second.Status.Phase == MirrorPhase.Fenced);
        await stop.CancelAsync();
        await Task.WhenAll(earlier, later);
        (await ShouldBeEqualAsync("events")).ShouldBe(80);

        async Task AppendAsync() => await Source.Log.AppendAsync("events", Enumerable.Range(0, 20).Select(i => Record($"{i}", "x")).ToArray(), Token);

        async Task CopiedByAsync(LogMirror mirror)
        {
            var ends = new Dictionary<TopicPartition, long>();
            for (var number = 0; number < 2; number++)
            {
                ends[new("events", number)] = (await Source.Log.GetRangeAsync(new("events", number), Token)).End;
            }

            await EventuallyAsync(() => ends.All(end => mirror.PositionOf(end.Key) >= end.Value));
        }
    }

    [Fact]
    public async Task A_source_that_does_not_answer_does_not_keep_the_mirror_from_stopping()
    {
        await EnsureAsync("events");
        var (source, asked) = (new SlowLog(Source.Log), false);
        using var mirror = new LogMirror(source, Target.Log, Options, TimeProvider.System, NullLogger<LogMirror>.Instance);
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await EventuallyAsync(() => mirror.Status.Phase == MirrorPhase.Running);
        source.Describing = token =>
        {
            Volatile.Write(ref asked, true);
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        await EventuallyAsync(() => Volatile.Read(ref asked));
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(60), Token);
        mirror.Status.Phase.ShouldBe(MirrorPhase.Stopped);
    }

    [Fact]
    public async Task What_is_held_in_memory_is_bounded_by_the_commits()
    {
        await EnsureAsync("events", 4);
        var values = new string('x', 10_000);
        for (var i = 0; i < 40; i++)
        {
            await Source.Log.AppendAsync("events", Enumerable.Range(0, 100).Select(n => Record($"{n}", values)).ToArray(), Token);
        }

        var largest = 0L;
        using var meters = Listener();
        meters.SetMeasurementEventCallback<long>((instrument, value, _, _) => largest = instrument.Name == "marketplace.mirror.copied.size" ? Math.Max(largest, value) : largest);
        meters.Start();
        await CopyAsync(Options with { CommitBytes = 500_000 });
        largest.ShouldBeInRange(400_000, 500_000 + (1100 * 1024));
        (await ShouldBeEqualAsync("events")).ShouldBe(4000);
    }

    [Fact]
    public async Task The_rate_is_kept()
    {
        await EnsureAsync("events");
        var value = new string('x', 10_000);
        await Source.Log.AppendAsync("events", Enumerable.Range(0, 200).Select(n => Record($"{n}", value)).ToArray(), Token);
        var started = TimeProvider.System.GetTimestamp();
        await CopyAsync(Options with { MaxBytesPerSecond = 1_000_000, CommitBytes = 100_000 });

        // 2 MB at 1 MB/s, of which one second is saved up.
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.8));
        (await ShouldBeEqualAsync("events")).ShouldBe(200);
    }

    [Fact]
    public async Task Lag_is_told_in_records_and_seconds()
    {
        await EnsureAsync("events", 2);
        var slow = new SlowLog(Target.Log);
        using var mirror = new LogMirror(Source.Log, slow, Options, LogTime, NullLogger<LogMirror>.Instance);
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await EventuallyAsync(() => mirror.Status.IsCaughtUp);

        // The target takes nothing from now on.
        slow.Hold();
        await Source.Log.AppendAsync("events", new[] { Record("a", "1", 1), Record("b", "2", 1), Record("c", "3", 0) }, Token);
        LogTime.Advance(TimeSpan.FromSeconds(30));
        await EventuallyAsync(() => mirror.Status.Topics.Single().LagRecords == 3);
        mirror.Status.Topics.Single().LagSeconds.ShouldBeInRange(30, 31);
        mirror.Status.IsCaughtUp.ShouldBeFalse();

        slow.Release();
        await EventuallyAsync(() => mirror.Status.IsCaughtUp);
        var partition = mirror.Status.Topics.Single().Partitions[1];
        (partition.LagRecords, partition.LagSeconds, partition.Copied, partition.Position).ShouldBe((0, 0, 2, 2));
        await stop.CancelAsync();
        await running;
    }
}
