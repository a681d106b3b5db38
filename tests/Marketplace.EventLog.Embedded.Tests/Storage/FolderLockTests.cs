using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.EventLog.Embedded.Tests.Storage;

public sealed class FolderLockTests : EmbeddedTest
{
    [Fact]
    public async Task A_second_log_in_the_same_folder_is_refused_by_the_folders_name()
    {
        var thrown = await Should.ThrowAsync<DataFolderInUseException>(() => OpenSecondAsync());
        thrown.Folder.ShouldBe(Harness.Folder);
        thrown.Message.ShouldContain(Harness.Folder);
        thrown.Message.ShouldContain($"{Environment.ProcessId}");
    }

    [Fact]
    public async Task A_log_of_another_process_is_in_the_way_until_that_process_ends_however_it_ends()
    {
        await Harness.CloseAsync();
        using (var child = ChildProcess.Start(Harness.Folder))
        {
            await child.ReadLineAsync(Token);
            (await Should.ThrowAsync<DataFolderInUseException>(() => OpenSecondAsync())).Message.ShouldContain($"{child.Id}");
            child.Kill();
        }

        await using var log = await OpenSecondAsync();
    }

    private Task<EmbeddedEventLog> OpenSecondAsync() => EmbeddedEventLog.OpenAsync(
        new EmbeddedLogOptions { Path = Harness.Folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, Token);
}
