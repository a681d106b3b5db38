using Marketplace.Cli.Running;

namespace Marketplace.Cli.Tests;

public sealed class MirrorTests(GatewayFixture gateway) : CliTest(gateway)
{
    [Fact]
    public async Task Status_verification_and_the_trial_of_a_take_over_are_told()
    {
        await SendAsync($$"""{"product_id":"{{NewId("mirror")}}","name":"x"}""");
        var status = await UntilAsync(result => result.ExitCode == ExitCode.Ok && result.Json.GetProperty("state").GetString() == "running", "mirror", "status", "--json");
        status.Json.GetProperty("source").GetString().ShouldBe("cluster1");
        var table = await Cli.RunAsync("mirror", "status");
        table.ExitCode.ShouldBe(ExitCode.Ok, table.Error);
        table.Out.ShouldContain("cluster1 → cluster2: копирует");
        table.Out.ShouldContain("shop-products");

        var verified = await Cli.RunAsync("mirror", "verify", "shop-products", "banned-products");
        verified.ExitCode.ShouldBe(ExitCode.Ok, verified.Out + verified.Error);
        verified.Out.ShouldContain("Стороны одинаковы.");
        (await Cli.RunAsync("mirror", "verify", "shop-products", "--json")).Json.GetProperty("partitions").GetArrayLength().ShouldBe(6);
        (await Cli.RunAsync("mirror", "verify", "unknown")).ExitCode.ShouldBe(ExitCode.NotFound);

        var trial = await Cli.RunAsync("mirror", "promote", "--dry-run");
        trial.Out.ShouldContain("Это проба");
        trial.Out.ShouldContain("--Mirror:Source:Name=cluster2");

        var resumed = await Cli.RunAsync("mirror", "resume", "shop-products", "--partition", "2", "--from", "position");
        resumed.ExitCode.ShouldBe(ExitCode.Ok, resumed.Error);
        resumed.Out.ShouldContain("раздел 2: продолжает со смещения");
        (await Cli.RunAsync("mirror", "resume", "shop-products", "--from", "soon")).Error.ShouldContain("from");
    }
}
