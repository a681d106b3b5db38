using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;

namespace Marketplace.Mirror.Tests.Promotion;

public sealed class PromotionTests : MirrorTest
{
    [Fact]
    public async Task The_target_takes_over_with_all_records_and_final_positions_and_the_mirror_stays_stopped()
    {
        await EnsureAsync("t", 2);
        using var mirror = Mirror();
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await Source.Log.AppendAsync("t", Enumerable.Range(0, 5000).Select(i => Record($"{i}", "x")).ToArray(), Token);
        await SetAsync("clients", 2000);

        var dry = await mirror.PromoteAsync(isDryRun: true, isForced: false, Token);
        dry.IsPromoted.ShouldBeFalse();
        await EventuallyAsync(() => mirror.Status.Phase == MirrorPhase.Running);

        var report = await mirror.PromoteAsync(isDryRun: false, isForced: false, Token);
        report.IsPromoted.ShouldBeTrue(string.Join('\n', report.Obstacles));
        report.Partitions.Sum(partition => partition.SourcePosition).ShouldBe(5000);
        report.Partitions.ShouldAllBe(partition => partition.LagRecords == 0);
        (await Target.Log.GetPositionsAsync("clients", Token))[new("t", 0)].Offset.ShouldBe(2000);
        (await ShouldBeEqualAsync("t")).ShouldBe(5000);

        // Nothing is copied from now on, by this process or the next, until somebody says so.
        await Source.Log.AppendAsync("t", Record("late", "x", 0), Token);
        await EventuallyAsync(() => mirror.Status.Phase == MirrorPhase.Promoted);
        await stop.CancelAsync();
        await running;
        using var next = Mirror();
        using var end = new CancellationTokenSource();
        running = next.RunAsync(end.Token);
        await EventuallyAsync(() => next.Status.Phase == MirrorPhase.Promoted);
        (await Target.Log.GetRangeAsync(new("t", 0), Token)).End.ShouldBe(report.Partitions[0].TargetEnd);

        await Should.ThrowAsync<MirrorException>(() => next.ResumeAsync("t", null, default, Token));
        await next.ResumeAsync("t", null, new ResumeFrom(ResumePlace.Position), Token);
        await EventuallyAsync(() => next.Status.IsCaughtUp);
        await end.CancelAsync();
        await running;
        (await ShouldBeEqualAsync("t")).ShouldBe(5001);
    }

    [Fact]
    public async Task What_stands_in_the_way_is_told_and_only_force_goes_past_it()
    {
        await EnsureAsync("t");
        await Source.Log.AppendAsync("t", Record("a", "1"), Token);
        await CopyAsync();
        await Source.CloseAsync();
        Source.Wipe();
        await Source.OpenAsync();
        await EnsureAsync("t");

        using var mirror = Mirror();
        var report = await mirror.PromoteAsync(isDryRun: false, isForced: false, Token);
        report.IsPromoted.ShouldBeFalse();
        report.Obstacles.ShouldContain(obstacle => obstacle.Contains("made anew", StringComparison.Ordinal));
        (await mirror.PromoteAsync(isDryRun: false, isForced: true, Token)).IsPromoted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_source_that_still_takes_records_is_told_and_not_waited_for()
    {
        await EnsureAsync("t");
        using var mirror = Mirror();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Source.Log.AppendAsync("t", Record("k", "v"), Token);
            }
        }, Token);
        var running = mirror.RunAsync(stop.Token);
        await EventuallyAsync(() => mirror.PositionOf(new("t", 0)) > 100);

        // Whether something is missing at that moment is chance; that there is an answer is not.
        var report = await mirror.PromoteAsync(isDryRun: false, isForced: true, Token);
        report.IsPromoted.ShouldBeTrue();
        report.Partitions.Single().TargetEnd.ShouldBe(report.Partitions.Single().SourcePosition);
        await stop.CancelAsync();
        await Task.WhenAll(writing, running);
    }

    private async Task SetAsync(string group, long offset)
    {
        await using var writer = await Source.Log.OpenWriterAsync("clients", Token);
        var commit = new AtomicBatch();
        commit.SetPosition(group, new("t", 0), new GroupPosition(offset));
        await writer.CommitAsync(commit, Token);
    }
}
