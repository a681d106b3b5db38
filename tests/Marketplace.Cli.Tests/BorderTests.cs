using Marketplace.Cli.Running;
using Marketplace.Testing;

namespace Marketplace.Cli.Tests;

/// <summary>Ids of every kind, exit codes, access, and who answers when nobody does.</summary>
public sealed class BorderTests(GatewayFixture gateway) : CliTest(gateway)
{
    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("50%")]
    [InlineData("%")]
    [InlineData("...")]
    [InlineData("a..b/../c")]
    [InlineData("%2e%2e")]
    [InlineData("with space ")]
    [InlineData("кириллица/Ё")]
    [InlineData("?q=1&x#y")]
    [InlineData("\\back;semi:colon@at")]
    [InlineData("@file")]
    [InlineData("😀")]
    public async Task An_id_is_the_same_on_every_route(string raw)
    {
        var id = NewId(raw) + raw;
        var json = System.Text.Json.JsonSerializer.Serialize(id);
        (await SendAsync($$"""{"product_id":{{json}},"name":"x"}""")).ExitCode.ShouldBe(ExitCode.Ok);
        (await JourneyAsync(id, "--json")).Json.GetProperty("product_id").GetString().ShouldBe(id);
        (await UntilAsync(result => result.ExitCode == ExitCode.Ok, "client", "product", id, "--json")).Json.GetProperty("product_id").GetString().ShouldBe(id);
        (await UntilAsync(result => result.ExitCode == ExitCode.Ok, "client", "similar", id, "--json")).Json.GetProperty("product_id").GetString().ShouldBe(id);
        (await Cli.RunAsync("banned", "add", id, "--json")).Json.GetProperty("product_id").GetString().ShouldBe(id);
        (await Cli.RunAsync("banned", "get", id, "--json")).Json.GetProperty("product_id").GetString().ShouldBe(id);
        (await Cli.RunAsync("banned", "remove", id)).ExitCode.ShouldBe(ExitCode.Ok);
        (await Cli.RunAsync("shop", "withdraw", id)).ExitCode.ShouldBe(ExitCode.Ok);
        (await Cli.RunAsync("client", "recommendations", id, "--json")).Json.GetProperty("user_id").GetString().ShouldBe(id);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("shop", "send")]
    [InlineData("shop", "send", "a", "--sample")]
    [InlineData("shop", "send", "a", "--count", "3")]
    [InlineData("shop", "send", "--sample", "--count", "0")]
    [InlineData("shop", "send", "-", "--from", "-1")]
    [InlineData("shop", "send", "-", "--from", "x")]
    [InlineData("shop", "send", "-", "--retry-for", "x")]
    [InlineData("demo", "--rate", "x")]
    [InlineData("client", "search", "a", "--limit", "x")]
    [InlineData("shop", "send", "-", "--format", "xml")]
    [InlineData("shop", "get")]
    [InlineData("shop", "get", "..")]
    [InlineData("shop", "get", "")]
    [InlineData("client", "search", "--limit", "many")]
    [InlineData("client", "search", "--min-price", "1.000,5")]
    [InlineData("banned", "add", "1", "--for", "soon")]
    [InlineData("banned", "add", "1", "--expires-at", "soon")]
    [InlineData("banned", "add", "1", "--for", "1d", "--expires-at", "2030-01-01")]
    [InlineData("health", "--url", "ftp://localhost")]
    [InlineData("health", "--api-key", "ключ")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(params string[] args)
    {
        var result = await Cli.RunAsync(args);
        result.ExitCode.ShouldBe(ExitCode.Usage);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldStartWith("ошибка: ");
        result.Error.ShouldContain("--help");
        result.Error.Count(c => c == '\n').ShouldBe(1);
    }

    [Fact]
    public async Task A_number_that_is_none_is_told_without_types_of_the_platform()
    {
        var result = await Cli.RunAsync("client", "search", "--limit", "many");
        result.Error.ShouldBe("ошибка: --limit: нужно целое число, а не «many». Справка: marketplace client search --help\n");
    }

    [Theory]
    [InlineData(ExitCode.Usage, "--limit", "client", "search", "--limit", "many")]
    [InlineData(ExitCode.Refused, "нет файла", "shop", "send", "no.json")]
    [InlineData(ExitCode.Refused, "нет файла", "recommend", "evaluate", "no.txt")]
    [InlineData(ExitCode.Unavailable, "недоступен", "health", "--url", "http://localhost:1")]
    public async Task A_program_is_told_of_a_failure_in_JSON(int exitCode, string error, params string[] args)
    {
        var result = await Cli.RunAsync([.. args, "--json"]);
        result.ExitCode.ShouldBe(exitCode);
        result.Json.GetProperty("exit_code").GetInt32().ShouldBe(exitCode);
        result.Json.GetProperty("error").GetString()!.ShouldContain(error);
        result.Error.ShouldContain(error);
    }

    [Theory]
    [InlineData]
    [InlineData("shop")]
    [InlineData("client")]
    [InlineData("banned")]
    public async Task A_group_alone_shows_its_help(params string[] args)
    {
        var result = await Cli.RunAsync(args);
        result.ExitCode.ShouldBe(ExitCode.Usage);
        result.Out.ShouldContain("Коды выхода:");
        var help = await Cli.RunAsync([.. args, "--help"]);
        help.ExitCode.ShouldBe(ExitCode.Ok);
        help.Out.ShouldBe(result.Out);
        help.Out.ShouldNotContain(GatewayFixture.AdminKey);
    }

    [Fact]
    public async Task Health_tells_the_parts()
    {
        var shown = await Cli.RunAsync("health");
        shown.ExitCode.ShouldBe(ExitCode.Ok);
        shown.Out.ShouldContain("search");
        shown.Out.ShouldContain("готов.");
        (await Cli.RunAsync("health", "--json")).Json.GetProperty("status").GetString().ShouldBe("ready");
    }

    [Fact]
    public async Task A_key_without_the_right_is_denied()
    {
        Cli.Environment.Remove("MARKETPLACE_API_KEY");
        (await Cli.RunAsync("banned", "list")).ExitCode.ShouldBe(ExitCode.Denied);
        (await Cli.RunAsync("banned", "list", "--api-key", "nobody")).ExitCode.ShouldBe(ExitCode.Denied);
        (await Cli.RunAsync("banned", "list", "--api-key", GatewayFixture.ShopKey)).ExitCode.ShouldBe(ExitCode.Denied);
        (await Cli.RunAsync("--api-key", GatewayFixture.AdminKey, "banned", "list")).ExitCode.ShouldBe(ExitCode.Ok);
        var sent = await Cli.RunAsync("{\"product_id\":\"x\",\"name\":\"x\"}", ["shop", "send", "-"]);
        sent.ExitCode.ShouldBe(ExitCode.Denied);
        sent.Error.ShouldContain("X-Api-Key");
    }

    [Fact]
    public async Task An_option_goes_before_the_environment()
    {
        Cli.Environment["MARKETPLACE_URL"] = "not an address";
        (await Cli.RunAsync("health")).ExitCode.ShouldBe(ExitCode.Usage);
        (await Cli.RunAsync("health", "--url", Url)).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Theory]
    [InlineData("health")]
    [InlineData("client", "search", "x")]
    [InlineData("shop", "send", "--sample")]
    [InlineData("shop", "check", "--sample")]
    [InlineData("banned", "add", "1")]
    public async Task Nobody_there_is_exit_code_3(params string[] args)
    {
        Cli.Environment["MARKETPLACE_URL"] = $"http://127.0.0.1:{Ports.Free()}";
        var result = await Cli.RunAsync([.. args, "--json"]);
        result.ExitCode.ShouldBe(ExitCode.Unavailable);
        result.Json.GetProperty("exit_code").GetInt32().ShouldBe(ExitCode.Unavailable);
        result.Error.ShouldContain("недоступен: в соединении отказано");
        result.Error.Count(c => c == '\n').ShouldBe(1);
    }
}
