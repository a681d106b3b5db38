using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;
using Marketplace.Testing;

namespace Marketplace.Mirror.Tests.Source;

/// <summary>What goes wrong at the source stops the partition with a state, a reason, a metric, and a way to go on; never silently.</summary>
public sealed class SourceTroubleTests : MirrorTest
{
    private static readonly TopicPartition Events = new("events", 0);

    [Fact]
    public async Task A_topic_made_anew_is_noticed_and_goes_on_when_told()
    {
        await MakeAnewAsync();

        using var mirror = Mirror();
        await mirror.CatchUpAsync(Token);
        var partition = mirror.Status.Topics.Single().Partitions.Single();
        (partition.State, partition.Position).ShouldBe((MirrorState.Recreated, 50));
        partition.Reason!.ShouldContain("deleted and made anew");
        partition.Reason!.ShouldContain("marketplace mirror resume events --partition 0 --from");
        Stopped(mirror).ShouldBe("recreated");
        (await CountAsync()).ShouldBe(50, "nothing goes on silently");
        (await mirror.VerifyAsync(null, null, Token)).IsEqual.ShouldBeFalse();

        await mirror.ResumeAsync("events", 0, new ResumeFrom(ResumePlace.Beginning), Token);
        await mirror.CatchUpAsync(Token);
        mirror.Status.IsCaughtUpOrIdle().ShouldBeTrue();
        (await CountAsync()).ShouldBe(130);
        (await mirror.VerifyAsync(null, null, Token)).Partitions.Single().ShouldSatisfyAllConditions(
            verified => verified.Difference.ShouldBeNull(), verified => verified.Source.Records.ShouldBe(80), verified => verified.Target.ShouldBe(verified.Source));

        // Offsets are those of the new topic from here on.
        (await mirror.TranslateAsync(Events, 20, Token)).ShouldBe(70);
        (await mirror.TranslateAsync(Events, 0, Token)).ShouldBe(50);
        (await LeftOutAsync(mirror)).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public async Task A_topic_cut_back_is_noticed_also_when_it_has_grown_again(int written)
    {
        await FillAsync(50, "kept");
        await Source.CloseAsync();
        var backup = Source.Save();
        await Source.OpenAsync();
        await FillAsync(50, "lost");
        await CopyAsync();

        await Source.CloseAsync();
        Source.Restore(backup);
        await Source.OpenAsync();
        if (written > 0)
        {
            await FillAsync(written, "other");
        }

        using var mirror = Mirror();
        await mirror.CatchUpAsync(Token);
        var partition = mirror.Status.Topics.Single().Partitions.Single();
        (partition.State, partition.Position).ShouldBe((MirrorState.Truncated, 100));
        partition.Reason!.ShouldContain("cut back");
        Stopped(mirror).ShouldBe("truncated");
        (await CountAsync()).ShouldBe(100);

        await mirror.ResumeAsync("events", null, new ResumeFrom(ResumePlace.Offset, 50), Token);
        await mirror.CatchUpAsync(Token);
        (await CountAsync()).ShouldBe(100 + written);
        (await mirror.VerifyAsync(null, null, Token)).IsEqual.ShouldBeTrue();
        (await LeftOutAsync(mirror)).ShouldBe(0, "what is before it was copied the first time");
    }

    [Fact]
    public async Task Records_that_retention_took_before_they_were_copied_are_missed()
    {
        await EnsureAsync("events", 1, spec => spec with { RetentionTime = TimeSpan.FromHours(1) });
        await FillAsync(50, "copied", ensure: false);
        await CopyAsync();
        await FillAsync(50, "never", ensure: false);
        LogTime.Advance(TimeSpan.FromHours(2));
        await Source.Log.MaintainAsync(Token);
        await FillAsync(10, "new", ensure: false);

        using var mirror = Mirror();
        await mirror.CatchUpAsync(Token);
        var partition = mirror.Status.Topics.Single().Partitions.Single();
        partition.State.ShouldBe(MirrorState.Expired);
        partition.Reason!.ShouldContain("retention took the records from 50 on");
        Stopped(mirror).ShouldBe("expired");
        await Should.ThrowAsync<MirrorException>(() => mirror.ResumeAsync("events", 0, new ResumeFrom(ResumePlace.Offset, 60), Token));

        await mirror.ResumeAsync("events", 0, new ResumeFrom(ResumePlace.Position), Token);
        await mirror.CatchUpAsync(Token);
        (await CountAsync()).ShouldBe(60);
        (await mirror.VerifyAsync(null, null, Token)).IsEqual.ShouldBeTrue();
        (await LeftOutAsync(mirror)).ShouldBe(50, "lost is lost, and whoever wants to take over is told");
    }

    [Fact]
    public async Task What_was_left_out_is_not_forgotten()
    {
        await MakeAnewAsync();
        using (var mirror = Mirror())
        {
            await mirror.CatchUpAsync(Token);
            await mirror.ResumeAsync("events", 0, new ResumeFrom(ResumePlace.Latest), Token);
            await FillAsync(5, "latest", ensure: false);
            await mirror.CatchUpAsync(Token);
            (await CountAsync()).ShouldBe(55);
        }

        using var next = Mirror();
        await next.CatchUpAsync(Token);
        (await LeftOutAsync(next)).ShouldBe(80);
        (await next.PromoteAsync(isDryRun: false, isForced: false, Token)).IsPromoted.ShouldBeFalse();
        (await next.PromoteAsync(isDryRun: false, isForced: true, Token)).IsPromoted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_running_mirror_notices_too()
    {
        await EnsureAsync("events", 1, spec => spec with { RetentionTime = TimeSpan.FromHours(1) });
        var slow = new SlowLog(Target.Log);
        using var mirror = new LogMirror(Source.Log, slow, Options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<LogMirror>.Instance);
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await FillAsync(10, "copied", ensure: false);
        await EventuallyAsync(() => mirror.PositionOf(Events) == 10);

        // The target does not take anything while the source's retention goes on.
        slow.Hold();
        await FillAsync(10, "read", ensure: false);
        await FillAsync(10, "never", ensure: false);
        LogTime.Advance(TimeSpan.FromHours(2));
        await Source.Log.MaintainAsync(Token);
        slow.Fault = () => new LogUnavailableException("full");
        slow.Release();
        await EventuallyAsync(() => mirror.Status.Phase == MirrorPhase.Waiting);
        slow.Fault = () => null;
        await EventuallyAsync(() => mirror.Status.Topics.Single().State == MirrorState.Expired);
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(7 * 24, 7 * 24, true, 8 * 24, MirrorState.Stale)]
    [InlineData(0, 24, true, 25, MirrorState.Stale)]
    [InlineData(0, 24, false, 25, MirrorState.Running)]
    [InlineData(0, 24, false, 8 * 24, MirrorState.Stale)]
    public async Task An_old_position_in_a_compacted_topic_is_not_gone_on_from(int lag, int retention, bool hasTombstones, int age, MirrorState state)
    {
        Options = Options with { WithoutTombstones = hasTombstones ? [] : ["events"] };
        await EnsureAsync("events", 1, spec => spec with { Compaction = new Compaction(TimeSpan.FromHours(lag), TimeSpan.FromHours(retention)) });
        await FillAsync(10, "x", ensure: false);
        using (var mirror = Mirror(time: LogTime))
        {
            await DriveAsync(mirror.CatchUpAsync(Token));
        }

        await FillAsync(10, "y", ensure: false);
        LogTime.Advance(TimeSpan.FromHours(age));
        using var later = Mirror(time: LogTime);
        await DriveAsync(later.CatchUpAsync(Token));
        var topic = later.Status.Topics.Single();
        topic.State.ShouldBe(state);
        (topic.Reason?.Contains("tombstones", StringComparison.Ordinal) ?? false).ShouldBe(state == MirrorState.Stale);
        Stopped(later).ShouldBe(state == MirrorState.Stale ? "stale" : null);
    }

    [Fact]
    public async Task A_topic_that_is_gone_or_was_there_before_is_told()
    {
        await FillAsync(10, "x");
        await EnsureAsync("gone");
        await Source.Log.AppendAsync("gone", Record("a", "1"), Token);
        await Target.Log.EnsureTopicsAsync([new TopicSpec("taken", 1)], Token);
        await Target.Log.AppendAsync("taken", Record("a", "theirs"), Token);
        await EnsureAsync("taken");
        await Source.Log.AppendAsync("taken", Record("a", "ours"), Token);
        await CopyAsync();
        await Source.CloseAsync();
        Source.Wipe();
        await Source.OpenAsync();
        await EnsureAsync("taken");
        await Source.Log.AppendAsync("taken", Record("a", "ours"), Token);

        using var mirror = Mirror();
        await mirror.CatchUpAsync(Token);
        var topics = mirror.Status.Topics.ToDictionary(topic => topic.Topic);
        topics["gone"].State.ShouldBe(MirrorState.Missing);
        topics["taken"].State.ShouldBe(MirrorState.Foreign);
        await mirror.ResumeAsync("taken", null, new ResumeFrom(ResumePlace.Position), Token);
        await mirror.CatchUpAsync(Token);
        (await Target.Log.GetRangeAsync(new("taken", 0), Token)).End.ShouldBe(2);
        await Should.ThrowAsync<MirrorException>(() => mirror.ResumeAsync("gone", null, new ResumeFrom(ResumePlace.Beginning), Token));
    }

    [Fact]
    public async Task Another_cleanup_at_the_source_is_refused_and_the_other_topics_go_on()
    {
        await Target.Log.EnsureTopicsAsync([new TopicSpec("events", 1) { Compaction = new Compaction(TimeSpan.Zero, TimeSpan.Zero) }], Token);
        await FillAsync(5, "x");
        await EnsureAsync("other");
        await Source.Log.AppendAsync("other", Record("a", "1"), Token);
        using var mirror = Mirror();
        await mirror.CatchUpAsync(Token);
        var topics = mirror.Status.Topics.ToDictionary(topic => topic.Topic);
        topics["events"].State.ShouldBe(MirrorState.Refused);
        topics["events"].Reason!.ShouldContain("cleanup");
        (await ShouldBeEqualAsync("other")).ShouldBe(1);
    }

    /// <summary>The topic, of which 50 records are copied, is another one with 80.</summary>
    private async Task MakeAnewAsync()
    {
        await FillAsync(50, "old");
        await CopyAsync();
        await Source.CloseAsync();
        Source.Wipe();
        await Source.OpenAsync();
        await FillAsync(80, "new");
    }

    /// <summary>As the status has it, and a take-over is told the same.</summary>
    private async Task<long> LeftOutAsync(LogMirror mirror)
    {
        var leftOut = mirror.Status.Topics.Single().Partitions.Single().LeftOut;
        var report = await mirror.PromoteAsync(isDryRun: true, isForced: false, Token);
        report.Obstacles.Count(obstacle => obstacle.Contains($"resumed behind {leftOut} records", StringComparison.Ordinal)).ShouldBe(leftOut > 0 ? 1 : 0, string.Join('\n', report.Obstacles));
        return leftOut;
    }

    private async Task FillAsync(int count, string word, bool ensure = true)
    {
        if (ensure)
        {
            await EnsureAsync("events");
        }

        await Source.Log.AppendAsync("events", Enumerable.Range(0, count).Select(i => Record($"{word} {i}", $"{i}")).ToArray(), Token);
    }

    private async Task<long> CountAsync()
    {
        var range = await Target.Log.GetRangeAsync(Events, Token);
        return range.End - range.Begin;
    }

    private async Task DriveAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            LogTime.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Delay(TimeSpan.FromMilliseconds(2), Token);
        }

        await work;
    }

    /// <summary>The state of the partition that the metric says has stopped.</summary>
    private string? Stopped(LogMirror mirror)
    {
        string? state = null;
        using var meters = Listener();
        meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "marketplace.mirror.stopped" && value == 1)
            {
                foreach (var (name, tag) in tags)
                {
                    state = name == "state" ? tag?.ToString() : state;
                }
            }
        });
        meters.Start();
        meters.RecordObservableInstruments();
        GC.KeepAlive(mirror);
        return state;
    }
}

internal static class StatusExtensions
{
    /// <summary>Nothing is stopped and nothing is missing, whether or not it runs now.</summary>
    public static bool IsCaughtUpOrIdle(this MirrorStatus status) => status.Topics.All(topic => topic.State == MirrorState.Running && topic.LagRecords == 0);
}
