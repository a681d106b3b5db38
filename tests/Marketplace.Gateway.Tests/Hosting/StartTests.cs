using System.Net;
using System.Net.Sockets;
using Marketplace.Testing;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>A start that is refused, as a process: the exit code, and one line on the error output.</summary>
public sealed class StartTests : IDisposable
{
    private static readonly string[] OnKafka =
    [
        "--EventLog:Provider=Kafka", "--Kafka:BootstrapServers=127.0.0.1:1",
        .. new[] { "shop_api", "client_api", "moderator", "filter", "connect", "mirror" }.Select(name => $"--Kafka:Principals:{name}:Password=any"),
    ];

    private readonly string _data = Directory.CreateTempSubdirectory("marketplace-start-").FullName;

    [Fact]
    public async Task An_unknown_setting() => (await RefusalAsync("--Filter:Enable=false")).ShouldBe("There is no setting 'Filter:Enable'. The settings of Filter are: Filter:Enabled.");

    [Fact]
    public async Task Beyond_loopback_without_keys() => (await RefusalAsync("--Urls=http://0.0.0.0:0")).ShouldContain("'http://0.0.0.0:0' without API keys. Set 'Auth:ApiKeys:0:Key'");

    [Fact]
    public async Task An_address_that_is_none() => (await RefusalAsync("--Urls=localhost")).ShouldContain("'Urls' holds 'localhost', which");

    [Fact]
    public async Task A_port_that_is_taken()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        (await RefusalAsync($"--Urls=http://{other.LocalEndpoint}")).ShouldBe($"The setting 'Urls' holds 'http://{other.LocalEndpoint}', which is in use by another process: choose a free port.");
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file()
    {
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "");
        (await RefusalAsync($"--Data:Path={file}")).ShouldContain($"'Data:Path' is '{file}', which cannot be used");
    }

    [Fact]
    public async Task A_data_folder_that_another_process_uses_and_partitions_that_it_does_not_have()
    {
        using var http = new HttpClient();
        using (var first = GatewayProcess.Start(_data, Ports.Free()))
        {
            await first.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);
            var refusal = $"The data folder '{_data}' is in use by another process (pid {first.Id}). Stop it, or choose another folder.";
            (await RefusalAsync()).ShouldBe(refusal);
            (await RefusalAsync(OnKafka)).ShouldBe(refusal, "the read models' snapshots are in the folder whatever the engine");
            (await first.StopAsync(Eventually.HangLimit)).ShouldBe(0, first.Output);
        }

        (await RefusalAsync("--EventLog:Partitions=7")).ShouldContain("'EventLog:Partitions'");
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    /// <summary>What the process said instead of starting.</summary>
    private async Task<string> RefusalAsync(params string[] settings)
    {
        using var process = GatewayProcess.Start(_data, 0, settings);
        using var limit = new CancellationTokenSource(Eventually.HangLimit);
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(1, process.Output);
        process.Output.ShouldNotContain("\n");
        return process.Output;
    }
}
