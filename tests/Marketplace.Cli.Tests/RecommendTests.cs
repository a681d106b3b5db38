using Marketplace.Cli.Running;
using Marketplace.Testing;

namespace Marketplace.Cli.Tests;

public sealed class RecommendTests
{
    private const string NoGateway = "http://localhost:1";

    [Fact]
    public async Task Evaluate_judges_a_file_without_a_gateway()
    {
        var file = Path.GetTempFileName();
        try
        {
            // b follows a for everybody; without times it is the last item that is to be foreseen.
            await File.WriteAllLinesAsync(file, Enumerable.Range(0, 20).SelectMany(user => new[] { $"{user} a", $"{user} b", $"{user} c" }), TestContext.Current.CancellationToken);
            var cli = new CommandLine(NoGateway);
            var result = await cli.RunAsync("recommend", "evaluate", file, "--k", "1", "3", "--json");
            result.ExitCode.ShouldBe(ExitCode.Ok, result.Error);
            result.Json.GetProperty("protocol").GetString().ShouldBe("leave-one-out");
            result.Json.GetProperty("targets").GetInt32().ShouldBe(20);
            var methods = result.Json.GetProperty("methods").EnumerateArray().ToList();
            methods.Select(m => m.GetProperty("method").GetString()).Distinct().ShouldBe(["model", "popularity", "item-item"]);
            methods.ShouldAllBe(m => m.GetProperty("hit_rate").GetDouble() >= 0);
            (await cli.RunAsync("recommend", "evaluate", file)).Out.ShouldContain("item-item");

            (await cli.RunAsync("recommend", "evaluate", file, "--protocol", "replay")).ExitCode.ShouldBe(ExitCode.Usage);
            (await cli.RunAsync("recommend", "evaluate", file, "--k", "0")).ExitCode.ShouldBe(ExitCode.Usage);
            (await cli.RunAsync("recommend", "evaluate", file, "--k", "x")).ExitCode.ShouldBe(ExitCode.Usage);
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
            (await cli.RunAsync("recommend", "evaluate", file)).ExitCode.ShouldBe(ExitCode.Refused);
            await File.WriteAllTextAsync(file, "a b c d e", TestContext.Current.CancellationToken);
            var refused = await cli.RunAsync("recommend", "evaluate", file);
            (refused.ExitCode, refused.Error.Contains("строка 1:", StringComparison.Ordinal)).ShouldBe((ExitCode.Refused, true));
            (await cli.RunAsync("recommend", "evaluate", file + ".none")).ExitCode.ShouldBe(ExitCode.Refused);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_demo_brings_a_marketplace_to_life()
    {
        var data = Directory.CreateTempSubdirectory("marketplace-demo-").FullName;
        using (var gateway = GatewayProcess.Start(data, Ports.Free(), "--Logging:LogLevel:Default=Warning"))
        {
            using var http = new HttpClient();
            await gateway.WaitUntilReadyAsync(http, Eventually.HangLimit, TestContext.Current.CancellationToken);
            var cli = new CommandLine(gateway.Url.ToString());
            var shown = "";

            // Beside other work the six seconds may pass with the processors elsewhere; then it is run again.
            await Eventually.HoldsAsync(
                async () =>
                {
                    var result = await cli.RunAsync("demo", "--products", "300", "--users", "100", "--rate", "500", "--seconds", "6", "--json");
                    result.ExitCode.ShouldBe(ExitCode.Ok, result.Error);
                    result.Json.GetProperty("shared_items").GetDouble().ShouldBeLessThan(9);
                    shown = $"{result.Json}";
                    return result.Json.GetProperty("events").GetInt64() > 500 && result.Json.GetProperty("searches").GetInt64() > 0 && result.Json.GetProperty("followed").GetInt32() > 0;
                },
                "more than 500 events, searches, and clients who follow a list", Eventually.HangLimit, TimeSpan.Zero, () => shown, TestContext.Current.CancellationToken);
        }

        Directory.Delete(data, recursive: true);
    }
}
