namespace Marketplace.EventLog.Embedded.Tests.Writing;

public sealed class KillTests : EmbeddedTest
{
    [Fact]
    public async Task What_a_killed_process_has_acknowledged_is_there_and_no_append_is_there_in_part()
    {
        await Harness.CloseAsync();
        var acknowledged = new List<string>();
        for (var kill = 0; kill < 4; kill++)
        {
            using var child = ChildProcess.Start(Harness.Folder);
            for (var line = 0; line < 20 + (kill * 60); line++)
            {
                acknowledged.Add(await child.ReadLineAsync(Token));
            }

            acknowledged.AddRange(child.Kill());
        }

        await Harness.StartAsync();
        var read = (await ReadAsync(ChildProcess.Topic)).GroupBy(value => value.Trim()).ToDictionary(group => group.Key, group => group.Count());
        read.Values.ShouldAllBe(count => count == ChildProcess.RecordsInOne);
        acknowledged.Except(read.Keys).ShouldBeEmpty();
    }
}
