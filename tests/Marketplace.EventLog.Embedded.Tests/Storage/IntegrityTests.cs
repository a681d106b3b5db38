using System.Text;

namespace Marketplace.EventLog.Embedded.Tests.Storage;

public sealed class IntegrityTests : EmbeddedTest
{
    private const string Topic = "t";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await EnsureAsync(Topic);
        for (var i = 0; i < 20; i++)
        {
            await Log.AppendAsync(Topic, Record("k", $"value-{i}-"), Token);
        }

        await Harness.CloseAsync();
    }

    [Fact]
    public async Task A_damaged_batch_at_the_end_stops_the_start_with_the_files_name_and_what_to_do()
    {
        Damage("value-19-");
        var thrown = await Should.ThrowAsync<LogFailedException>(Harness.StartAsync);
        thrown.Message.ShouldContain(Harness.DatabaseFile);
        thrown.Message.ShouldContain("t-0");
        thrown.Message.ShouldContain("restore", Case.Insensitive);
    }

    [Fact]
    public async Task A_damaged_batch_elsewhere_fails_the_log_when_it_is_read()
    {
        Damage("value-10-");
        await Harness.StartAsync();
        Log.Failed.IsCompleted.ShouldBeFalse();

        var thrown = await Should.ThrowAsync<LogFailedException>(() => ReadAsync(Topic));
        thrown.Message.ShouldContain(Harness.DatabaseFile);
        (await Log.Failed.WaitAsync(Token)).Message.ShouldContain("t-0");
        await Should.ThrowAsync<LogFailedException>(async () => await Log.AppendAsync(Topic, Record("k", "v"), Token));
    }

    [Fact]
    public async Task A_damaged_batch_that_compaction_meets_fails_the_log_and_nothing_is_rewritten()
    {
        Change($"UPDATE topics SET compaction_lag_ms = 0, tombstone_retention_ms = 0");
        Damage("value-10-");
        await Harness.StartAsync();
        await Should.ThrowAsync<LogFailedException>(Harness.MaintainAsync);
        await Log.Failed.WaitAsync(Token);
        await Harness.CloseAsync();
        Query("SELECT count(*) FROM batches").ShouldBe(20);
    }

    [Theory]
    [InlineData("UPDATE partitions SET begin_offset = 100", "begins at 100")]
    [InlineData("DELETE FROM partitions", "partitions")]
    [InlineData("INSERT INTO positions VALUES ('g', 77, 1, NULL)", "positions")]
    [InlineData("UPDATE topics SET name = 'a b'", "topic")]
    [InlineData("UPDATE batches SET last = last + 1 WHERE id = (SELECT max(id) FROM batches)", "t-0")]
    public async Task Tables_that_do_not_fit_each_other_stop_the_start(string change, string says)
    {
        Change(change);
        var thrown = await Should.ThrowAsync<LogFailedException>(Harness.StartAsync);
        thrown.Message.ShouldContain(says);
        thrown.Message.ShouldContain(Harness.DatabaseFile);
    }

    [Fact]
    public async Task A_damaged_structure_stops_the_start()
    {
        using (var file = File.OpenWrite(Harness.DatabaseFile))
        {
            file.Position = 8192;
            file.Write(new byte[file.Length - 8192]);
        }

        (await Should.ThrowAsync<LogFailedException>(Harness.StartAsync)).Message.ShouldContain(Harness.DatabaseFile);
    }

    [Fact]
    public async Task A_file_that_was_cut_off_stops_the_start()
    {
        using (var file = File.OpenWrite(Harness.DatabaseFile))
        {
            file.SetLength(file.Length / 2 / 8192 * 8192);
        }

        (await Should.ThrowAsync<LogFailedException>(Harness.StartAsync)).Message.ShouldContain(Harness.DatabaseFile);
    }

    /// <summary>Turns one bit of the stored bytes that say this.</summary>
    private void Damage(string text)
    {
        var bytes = File.ReadAllBytes(Harness.DatabaseFile);
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        at.ShouldBeGreaterThan(0);
        bytes[at] ^= 1;
        File.WriteAllBytes(Harness.DatabaseFile, bytes);
    }
}
