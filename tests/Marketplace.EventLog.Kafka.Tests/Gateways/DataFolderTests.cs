using Marketplace.Testing;
using Marketplace.Testing.Kafka;

namespace Marketplace.EventLog.Kafka.Tests.Gateways;

/// <summary>On a cluster too the data folder is one process's: the read models' snapshots are in it.</summary>
[Collection(AloneOnTheCluster.Name)]
public sealed class DataFolderTests
{
    [Fact]
    public async Task A_second_gateway_on_the_same_folder_is_refused_and_told_by_whom()
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        await FreshTopics.MakeAsync(cluster, token);
        var data = Directory.CreateTempSubdirectory("marketplace-kafka-folder-").FullName;
        using var http = new HttpClient();
        using var first = GatewayOnKafka.Start(cluster, data, Ports.Free());
        await first.WaitUntilReadyAsync(http, Eventually.HangLimit, token);

        using (var second = GatewayOnKafka.Start(cluster, data, Ports.Free()))
        {
            await second.WaitForExitAsync(token).WaitAsync(Eventually.HangLimit, token);
            second.ExitCode.ShouldBe(1);
            second.Output.ShouldContain($"The data folder '{data}' is in use by another process (pid {first.Id}).");
        }

        (await first.StopAsync(TimeSpan.FromSeconds(60))).ShouldBe(0, first.Output);
        Directory.Delete(data, recursive: true);
    }
}
