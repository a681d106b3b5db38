using Marketplace.EventLog.Embedded.Sqlite;
using Marketplace.EventLog.Embedded.Storage;

namespace Marketplace.EventLog.Embedded.Tests.Storage;

public sealed class LogDatabaseTests : EmbeddedTest
{
    [Fact]
    public async Task Every_connection_that_writes_syncs_before_it_acknowledges()
    {
        await Harness.CloseAsync();
        using var connection = LogDatabase.OpenWriter(Harness.DatabaseFile, new EmbeddedLogOptions { Path = Harness.Folder });
        connection.QueryInt64("PRAGMA synchronous").ShouldBe(2);
        connection.QueryText("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public void A_place_that_cannot_keep_a_write_ahead_log_is_refused()
    {
        using var connection = SqliteConnection.Open(":memory:", readOnly: false);
        Should.Throw<LogFailedException>(() => LogDatabase.Configure(connection)).Message.ShouldContain("synchronous");
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_by_name_and_left_alone()
    {
        await Harness.CloseAsync();
        File.WriteAllText(Harness.DatabaseFile, new string('x', 10_000));
        (await Should.ThrowAsync<LogFailedException>(Harness.StartAsync)).Message.ShouldContain(Harness.DatabaseFile);
        File.ReadAllText(Harness.DatabaseFile).ShouldBe(new string('x', 10_000));
    }

    [Fact]
    public async Task A_database_of_something_else_is_refused_by_name()
    {
        await Harness.CloseAsync();
        File.Delete(Harness.DatabaseFile);
        Change("CREATE TABLE notes (text TEXT)");
        var thrown = await Should.ThrowAsync<LogFailedException>(Harness.StartAsync);
        thrown.Message.ShouldContain(Harness.DatabaseFile);
        thrown.Message.ShouldContain("not an event log");
    }

    [Fact]
    public async Task A_log_of_another_version_is_refused_with_both_versions()
    {
        await Harness.CloseAsync();
        Change("PRAGMA user_version = 99");
        (await Should.ThrowAsync<LogFailedException>(Harness.StartAsync)).Message.ShouldContain("version 99");
    }

    [Fact]
    public async Task A_start_that_was_refused_lets_go_of_the_folder()
    {
        await Harness.CloseAsync();
        Change("PRAGMA user_version = 99");
        await Should.ThrowAsync<LogFailedException>(Harness.StartAsync);
        Change("PRAGMA user_version = 3");
        await Harness.StartAsync();
    }
}
