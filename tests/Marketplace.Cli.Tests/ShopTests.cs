using System.Text;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Tests;

public sealed class ShopTests(GatewayFixture gateway) : CliTest(gateway)
{
    [Fact]
    public async Task A_product_is_sent_and_its_journey_shown()
    {
        var id = NewId();
        var sent = await SendAsync($$"""{"product_id":"{{id}}","name":"Чайник"}""");
        sent.ShouldBe(new CommandResult(ExitCode.Ok, sent.Out, ""));
        sent.Out.ShouldStartWith("Принято: 1 товар за ");

        var journey = await UntilAsync(
            result => result.ExitCode == ExitCode.Ok && result.Json.GetProperty("searchable").ValueKind != System.Text.Json.JsonValueKind.Null, "shop", "get", id, "--json");
        journey.Json.GetProperty("verdict").GetProperty("status").GetString().ShouldBe("passed");
        var shown = await JourneyAsync(id);
        shown.Out.ShouldContain("принят");
        shown.Out.ShouldContain("допущен к продаже");
        shown.Out.ShouldContain("виден в поиске");
    }

    [Theory]
    [InlineData("{\"product_id\":\"ID1\",\"name\":\"a\"}", 1)]
    [InlineData("{\n  \"product_id\": \"ID1\",\r\n  \"name\": \"a\"\n}\n", 1)]
    [InlineData("[{\"product_id\":\"ID1\",\"name\":\"a\"},\n{\"product_id\":\"ID2\",\n\"name\":\"b\"}]", 2)]
    [InlineData("{\"product_id\":\"ID1\",\"name\":\"a\"}\r\n\n  \n{\"product_id\":\"ID2\",\"name\":\"b\"}", 2)]
    [InlineData("\ufeff{\"product_id\":\"ID1\",\"name\":\"a\"}\n{\"product_id\":\"ID2\",\"name\":\"b\"}\n", 2)]
    [InlineData("{\n\"product_id\":\"ID1\",\"name\":\"a\"}\n{\n\"product_id\":\"ID2\",\"name\":\"b\"}\n", 2)]
    [InlineData("[]", 0)]
    [InlineData("", 0)]
    public async Task Every_form_of_file_is_read(string text, int products)
    {
        var id = NewId();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text.Replace("ID", id, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        try
        {
            var result = await Cli.RunAsync("shop", "send", file, "--json");
            result.ExitCode.ShouldBe(ExitCode.Ok, result.Error);
            result.Json.GetProperty("accepted").GetInt64().ShouldBe(products);
            result.Json.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("product_id").GetString())
                .ShouldBe(Enumerable.Range(1, products).Select(n => $"{id}{n}"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_is_refused_is_named_and_the_rest_taken()
    {
        var id = NewId();
        var lines = $$"""
            {"product_id":"{{id}}a","name":"x"}
            {"product_id":"{{id}}b"
            {"product_id":"{{id}}c","name":"x","price":{"amount":-1} }
            {"product_id":"{{id}}d","name":"x"}
            """;
        var shown = await SendAsync(lines);
        shown.ExitCode.ShouldBe(ExitCode.Refused);
        shown.Out.ShouldStartWith("Принято: 2 товара, отказано: 2");
        shown.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        shown.Error.ShouldContain($"индекс 2 ({id}c): price.amount: ");

        var json = await Cli.RunAsync(lines, ["shop", "send", "-", "--json"]);
        json.ExitCode.ShouldBe(ExitCode.Refused);
        json.Error.ShouldBeEmpty();
        json.Json.GetProperty("next_index").GetInt64().ShouldBe(4);
        json.Json.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("status").GetString()).ShouldBe(["accepted", "rejected", "rejected", "accepted"]);
    }

    [Fact]
    public async Task A_file_where_everything_is_refused_gets_its_report()
    {
        var result = await Cli.RunAsync("{\"product_id\":\"..\",\"name\":\"x\"}\n{}", ["shop", "send", "-", "--json"]);
        result.ExitCode.ShouldBe(ExitCode.Refused);
        result.Json.GetProperty("rejected").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Of_a_torn_array_what_is_whole_is_sent_and_the_place_named()
    {
        var id = NewId();
        var result = await SendAsync($$"""
            [{"product_id":"{{id}}","name":"x"},
             {"product_id":"{{id}}", "na
            """);
        result.ExitCode.ShouldBe(ExitCode.Refused);
        result.Error.ShouldBe("ошибка: стандартный ввод: строка 2: это не JSON, или файл обрывается (индекс товара 1); принято: 1, отказано: 0, продолжить: --from 1\n");
        (await JourneyAsync(id)).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task A_send_that_breaks_off_tells_a_program_how_far_it_came_and_why()
    {
        var result = await Cli.RunAsync($$"""[{"product_id":"{{NewId()}}","name":"x"},{"product_id": """, ["shop", "send", "-", "--json"]);
        result.Json.GetProperty("accepted").GetInt64().ShouldBe(1);
        result.Json.GetProperty("next_index").GetInt64().ShouldBe(1);
        result.Json.GetProperty("exit_code").GetInt32().ShouldBe(ExitCode.Refused);
        result.Json.GetProperty("error").GetString().ShouldNotBeNull().ShouldContain("файл обрывается");
    }

    [Theory]
    [InlineData("нужно целое число, а не «abc»", "--sample", "--count", "abc")]
    [InlineData("--count: от 1 до 2147483647", "--sample", "--count", "99999999999999")]
    [InlineData("FILE и --sample вместе не бывают", "file", "--sample")]
    public async Task What_cannot_be_meant_is_said(string error, params string[] arguments)
    {
        var result = await Cli.RunAsync(["shop", "send", .. arguments]);
        result.ExitCode.ShouldBe(ExitCode.Usage);
        result.Error.ShouldContain(error);
    }

    [Fact]
    public async Task A_line_too_long_is_refused_by_the_gateway_and_the_next_is_taken()
    {
        var id = NewId();
        var lines = new StringBuilder().Append("{\"product_id\":\"").Append(id).Append("\",\"name\":\"x\",\"description\":\"").Append('x', 3_000_000).Append("\"}\n")
            .Append("{\"product_id\":\"").Append(id).Append("\",\"name\":\"x\"}\n").ToString();
        var result = await Cli.RunAsync(lines, ["shop", "send", "-", "--json"]);
        result.Json.GetProperty("accepted").GetInt64().ShouldBe(1);
        result.Json.GetProperty("rejected").GetInt64().ShouldBe(1);
        result.Out.ShouldContain("at most 1048576");
    }

    [Fact]
    public async Task The_sample_is_sent_in_segments()
    {
        var result = await Cli.RunAsync("shop", "send", "--sample", "--count", "12000", "--json");
        result.ExitCode.ShouldBe(ExitCode.Ok, result.Error);
        result.Json.GetProperty("accepted").GetInt64().ShouldBe(12_000);
        result.Json.GetProperty("results").GetArrayLength().ShouldBe(0, "beyond 10,000 only refusals are listed");
        (await JourneyAsync("1000001")).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task Sending_goes_on_from_an_index()
    {
        var id = NewId();
        var lines = string.Join('\n', Enumerable.Range(0, 5).Select(n => $$"""{"product_id":"{{id}}{{n}}","name":"x"}"""));
        var result = await Cli.RunAsync(lines, ["shop", "send", "-", "--from", "3", "--json"]);
        result.Json.GetProperty("results").EnumerateArray().Select(one => one.GetProperty("index").GetInt64()).ShouldBe([3, 4]);
        (await JourneyAsync(id + "2")).ExitCode.ShouldBe(ExitCode.NotFound);
    }

    [Fact]
    public async Task Check_writes_nothing_and_says_what_would_be()
    {
        var (good, banned) = (NewId(), NewId());
        await Cli.RunAsync("banned", "add", banned, "--reason", "подделка");
        var input = $$"""[{"product_id":"{{good}}","name":"x"},{"product_id":"{{good}}"},{"product_id":"{{banned}}","name":"x"}]""";
        var shown = await Cli.RunAsync(input, ["shop", "check", "-"]);
        shown.ExitCode.ShouldBe(ExitCode.Refused);
        shown.Lines[0].ShouldStartWith($"индекс 1 ({good}): name: ");
        shown.Lines[1].ShouldBe($"индекс 2 ({banned}): запрещён: подделка");
        (await JourneyAsync(good)).ExitCode.ShouldBe(ExitCode.NotFound);

        var json = await Cli.RunAsync(input, ["shop", "check", "-", "--json"]);
        json.Lines.Length.ShouldBe(3);
        (await Cli.RunAsync($$"""{"product_id":"{{good}}","name":"x"}""", ["shop", "check", "-"])).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task A_withdrawn_product_is_shown_as_such()
    {
        var id = NewId();
        await SendAsync($$"""{"product_id":"{{id}}","name":"x"}""");
        (await Cli.RunAsync("shop", "withdraw", id, "--json")).Out.ShouldBe($"{{\"product_id\":\"{id}\",\"status\":\"withdrawn\"}}\n");
        (await JourneyAsync(id)).Out.ShouldContain("снят магазином");
        (await Cli.RunAsync("shop", "withdraw", id)).ExitCode.ShouldBe(ExitCode.Ok);
    }

    [Theory]
    [InlineData("shop", "send", "/nonexistent/products.json")]
    [InlineData("shop", "send", "/")]
    [InlineData("shop", "check", "/nonexistent")]
    public async Task A_file_that_cannot_be_read_is_named(params string[] args)
    {
        var result = await Cli.RunAsync(args);
        result.ExitCode.ShouldBe(ExitCode.Refused);
        result.Error.ShouldContain($"«{args[2]}»");
    }
}
