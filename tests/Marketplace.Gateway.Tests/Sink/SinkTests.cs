namespace Marketplace.Gateway.Tests.Sink;

/// <summary>The file holds the line of each record of <c>filtered-products</c> once, whatever happens to sink and file.</summary>
public sealed class SinkTests
{
    [Fact]
    public async Task Lines_are_the_records_that_are_no_tombstones_in_the_order_of_their_partition()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1,"имя":"Самовар"}""");
        await house.AppendAsync("a", null);
        await house.AppendAsync("a", """ {"n":2} """);
        await house.AppendAsync("b", "{\r\n\"n\":3\n}");
        await house.UntilAsync(async () => File.Exists(house.FilePath) && (await house.LinesAsync()).Length == 3, "three lines");
        (await house.LinesAsync()).Where(l => !l.Contains('3')).ShouldBe(["""{"n":1,"имя":"Самовар"}""", """ {"n":2} """]);
        (await house.LinesAsync()).ShouldContain("{\"n\":3}");
    }

    [Fact]
    public async Task What_was_written_and_not_committed_is_cut_off_after_a_crash()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1}""");
        await house.SettleAsync();
        await house.StopAsync();

        // As if it had been killed between the writing of two lines, the second half written, and the commit.
        await File.AppendAllTextAsync(house.FilePath, "{\"n\":2}\n{\"n\":");
        await house.AppendAsync("b", """{"n":2}""");
        await house.AppendAsync("c", """{"n":3}""");
        await house.StartAsync();
        await house.SettleAsync();
        house.Aside().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_crash_before_the_first_commit_of_lines_doubles_none()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.UntilAsync(() => Task.FromResult(File.Exists(house.FilePath)), "the file is made");
        await house.StopAsync();
        await File.AppendAllTextAsync(house.FilePath, "{\"n\":1}\n");
        await house.AppendAsync("a", """{"n":1}""");
        await house.StartAsync();
        await house.SettleAsync();
        house.Aside().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_was_there_before_the_sink_is_moved_aside_and_not_overwritten()
    {
        await using var house = await SinkHouse.OpenAsync();
        await File.WriteAllTextAsync(house.FilePath, "чужое\n");
        await house.AppendAsync("a", """{"n":1}""");
        await house.StartAsync();
        await house.SettleAsync();
        (await File.ReadAllTextAsync(house.Aside().ShouldHaveSingleItem())).ShouldBe("чужое\n");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_was_cut_or_removed_by_others_is_written_anew(bool removed)
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1}""");
        await house.AppendAsync("b", """{"n":2}""");
        await house.SettleAsync();
        await house.StopAsync();
        if (removed)
        {
            File.Delete(house.FilePath);
        }
        else
        {
            await File.WriteAllTextAsync(house.FilePath, "{}\n");
        }

        await house.StartAsync();
        await house.SettleAsync();
        house.Aside().Length.ShouldBe(removed ? 0 : 1);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_told_and_heals()
    {
        await using var house = await SinkHouse.OpenAsync();
        Directory.CreateDirectory(house.FilePath);
        await house.AppendAsync("a", """{"n":1}""");
        await house.StartAsync();
        await house.UntilAsync(() => Task.FromResult(house.Sink.Readiness.Reason.Contains("cannot write", StringComparison.Ordinal)), "the reason is told");
        house.Sink.Readiness.Reason.ShouldContain(house.FilePath);

        Directory.Delete(house.FilePath);
        await house.SettleAsync();
        await house.UntilAsync(() => Task.FromResult(house.Sink.Readiness.Reason == $"writes {house.FilePath}"), "it says that it writes");
    }

    [Fact]
    public async Task A_writer_that_was_fenced_is_opened_again_and_doubles_no_line()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1}""");
        await house.SettleAsync();
        await house.FenceAsync();
        await house.AppendAsync("b", """{"n":2}""");
        await house.SettleAsync();
        await house.AppendAsync("c", """{"n":3}""");
        await house.SettleAsync();
        house.Aside().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_is_full_in_the_middle_of_a_line_leaves_no_half_line()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1}""");
        await house.SettleAsync();
        await house.StopAsync();

        // /dev/full takes no byte, as a full disk.
        var kept = house.FilePath + "-kept";
        File.Move(house.FilePath, kept);
        File.CreateSymbolicLink(house.FilePath, "/dev/full");
        await house.AppendAsync("b", """{"n":2}""");
        await house.StartAsync();
        await house.UntilAsync(() => Task.FromResult(house.Sink.Readiness.Reason.Contains("cannot write", StringComparison.Ordinal)), "the reason is told");

        File.Delete(house.FilePath);
        File.Move(kept, house.FilePath);
        await house.SettleAsync();
    }

    [Fact]
    public async Task A_position_older_than_a_week_with_records_behind_it_stops_the_sink_with_a_reason()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1}""");
        await house.SettleAsync();
        await house.StopAsync();
        await house.AppendAsync("b", """{"n":2}""");
        house.Time.Advance(TimeSpan.FromDays(8));
        await house.StartAsync();
        await house.UntilAsync(() => Task.FromResult(house.Sink.Stopped is not null), "the sink stops");
        house.Sink.Readiness.Reason.ShouldContain("older than 7 days");

        // As the reason says.
        await house.StopAsync();
        File.Delete(house.FilePath);
        await house.StartAsync();
        await house.SettleAsync();
    }

    [Fact]
    public async Task A_quiet_week_is_no_old_position()
    {
        await using var house = await SinkHouse.OpenAsync();
        await house.StartAsync();
        await house.AppendAsync("a", """{"n":1}""");
        await house.SettleAsync();
        for (var hour = 0; hour < 8 * 24; hour++)
        {
            house.Time.Advance(TimeSpan.FromHours(1));
            await Task.Yield();
        }

        var length = new FileInfo(house.FilePath).Length;
        house.Time.Advance(TimeSpan.FromHours(1));
        await house.UntilAsync(async () => await house.CommittedAtAsync() > house.Time.GetUtcNow().AddHours(-2), "the position is fresh");
        await house.StopAsync();
        new FileInfo(house.FilePath).Length.ShouldBe(length);
        await house.AppendAsync("b", """{"n":2}""");
        await house.StartAsync();
        await house.SettleAsync();
    }
}
