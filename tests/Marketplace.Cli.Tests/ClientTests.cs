using System.Text.RegularExpressions;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Tests;

public sealed class ClientTests(GatewayFixture gateway) : CliTest(gateway)
{
    private async Task<string> OnSaleAsync(string id, string name, string rest = "")
    {
        await SendAsync($$"""{"product_id":"{{id}}","name":"{{name}}"{{rest}}}""");
        (await UntilAsync(result => result.ExitCode == ExitCode.Ok, "client", "product", id)).ExitCode.ShouldBe(ExitCode.Ok);
        return id;
    }

    [Fact]
    public async Task Search_takes_every_parameter_of_the_contract()
    {
        var store = NewId("store");
        for (var n = 1; n <= 3; n++)
        {
            await OnSaleAsync(NewId(), $"Гироскутер {n}", $$""","brand":"Вихрь","category":"Гироскутеры","store_id":"{{store}}","price":{"amount":{{n}}000.50,"currency":"USD"},"stock":{"available":{{n - 1}}},"specifications":{"color":"синий"}""");
        }

        var all = await Cli.RunAsync(
            "client", "search", "гироскутер", "--brand", "Вихрь", "--category", "Гироскутеры", "--store-id", store, "--min-price", "1000,50", "--max-price", "2 500.00", "--currency", "usd",
            "--in-stock", "--sort", "-price", "--facets", "brand,price,color", "--user-id", "u1", "--explain", "--limit", "5", "--offset", "0", "--json");
        all.ExitCode.ShouldBe(ExitCode.Ok, all.Error);
        all.Json.GetProperty("total").GetInt64().ShouldBe(1);
        all.Json.GetProperty("items")[0].GetProperty("product").GetProperty("name").GetString().ShouldBe("Гироскутер 2");
        all.Json.GetProperty("items")[0].GetProperty("explain").GetArrayLength().ShouldBeGreaterThan(0);
        all.Json.GetProperty("facets").EnumerateObject().Select(facet => facet.Name).ShouldBe(["brand", "price", "color"]);

        var shown = await Cli.RunAsync("client", "search", "--store-id", store, "--sort", "price", "--currency", "USD", "--limit", "2", "--facets", "color,price", "--explain");
        shown.Out.ShouldContain("1\u00a0000,50\u00a0$");
        var next = Regex.Match(shown.Out, @"Найдено: 3 товара, показаны 1–2\. Дальше: --offset 2 --as-of (\S+)\.");
        next.Success.ShouldBeTrue(shown.Out);
        var rest = await Cli.RunAsync("client", "search", "--store-id", store, "--sort", "price", "--currency", "USD", "--limit", "2", "--offset", "2", "--as-of", next.Groups[1].Value);
        rest.Out.ShouldContain("Найдено: 3 товара, показаны 3–3.");
        shown.Out.ShouldContain("3  синий");
        shown.Out.IndexOf("Гироскутер 1", StringComparison.Ordinal).ShouldBeLessThan(shown.Out.IndexOf("Гироскутер 2", StringComparison.Ordinal));
        (await Cli.RunAsync("client", "search", "--store-id", store, "--offset", "9")).Out.ShouldContain("на этой странице их уже нет");
        (await Cli.RunAsync("client", "search", "Ъъъ", "--store-id", store)).Out.ShouldContain("Ничего не нашлось");
    }

    [Fact]
    public async Task Words_may_come_with_and_without_quotes()
    {
        var id = await OnSaleAsync(NewId(), "Пароварка Заря двухъярусная");
        foreach (var words in new[] { new[] { "пароварка заря" }, ["пароварка", "заря"] })
        {
            var found = await Cli.RunAsync(["client", "search", .. words, "--json"]);
            found.Json.GetProperty("items")[0].GetProperty("product").GetProperty("product_id").GetString().ShouldBe(id);
        }
    }

    [Fact]
    public async Task Product_suggest_similar_and_recommendations_answer()
    {
        var rest = ""","brand":"Колибри","category":"Телескопы","description":"Для наблюдений.","price":{"amount":14990,"currency":"RUB"},"specifications":{"zoom":120}""";
        var id = await OnSaleAsync(NewId(), "Телескоп Колибри", rest);
        var other = await OnSaleAsync(NewId(), "Телескоп Колибри малый", rest);

        var card = await Cli.RunAsync("client", "product", id);
        card.Out.ShouldContain("14\u00a0990\u00a0₽");
        card.Out.ShouldContain("Для наблюдений.");
        card.Out.ShouldContain("zoom");
        (await Cli.RunAsync("client", "product", id, "--json")).Json.GetProperty("name").GetString().ShouldBe("Телескоп Колибри");

        (await Cli.RunAsync("client", "suggest", "телеск")).Out.ShouldContain("Телескоп Колибри");
        (await Cli.RunAsync("client", "suggest", "телеск", "--json")).Json.GetProperty("items").GetArrayLength().ShouldBeGreaterThan(0);

        var similar = await UntilAsync(result => result.Out.Contains(other, StringComparison.Ordinal), "client", "similar", id, "--limit", "100", "--json");
        similar.Json.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("product").GetProperty("product_id").GetString()).ShouldContain(other);
        (await Cli.RunAsync("client", "similar", id)).Out.ShouldContain("похоже");

        (await Cli.RunAsync("client", "recommendations", "user 1/%", "--json")).Json.GetProperty("user_id").GetString().ShouldBe("user 1/%");
        (await Cli.RunAsync("client", "recommendations", "user123", "--limit", "1")).Out.ShouldContain("product_id");
    }

    [Fact]
    public async Task What_a_shop_writes_cannot_change_the_terminal()
    {
        var id = await OnSaleAsync(NewId(), "Ловушка \\u001b[31mred[/] [bold]x[/] &amp; <em>");
        foreach (var args in new[] { new[] { "client", "search", "ловушка" }, ["client", "product", id], ["client", "suggest", "ловушк"] })
        {
            var result = await UntilAsync(found => found.Out.Contains("red[/]", StringComparison.Ordinal), args);
            result.ExitCode.ShouldBe(ExitCode.Ok, result.Error);
            result.Out.ShouldNotContain('\u001b');
            result.Out.ShouldContain("[31mred[/] [bold]x[/] &amp; <em>");
        }
    }

    [Fact]
    public async Task Colours_are_for_terminals_and_NO_COLOR_is_honoured()
    {
        await OnSaleAsync(NewId(), "Светофор учебный");
        (await Cli.RunAsync("client", "search", "светофор")).Out.ShouldNotContain('\u001b');
        (await TerminalCli.RunAsync("client", "search", "светофор", "--json")).Out.ShouldNotContain('\u001b');
        TerminalCli.Environment["NO_COLOR"] = "1";
        (await TerminalCli.RunAsync("client", "search", "светофор")).Out.ShouldNotContain("[38;5");
    }

    [Theory]
    [InlineData("client", "product", "there is none")]
    [InlineData("client", "similar", "there is none")]
    public async Task What_is_not_on_sale_is_not_found(params string[] args)
    {
        var result = await Cli.RunAsync(args);
        result.ExitCode.ShouldBe(ExitCode.NotFound);
        result.Error.ShouldStartWith("ошибка: шлюз ответил 404: ");
        result.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_search_names_the_parameters_in_one_line()
    {
        var result = await Cli.RunAsync("client", "search", "x", "--limit", "1000", "--sort", "dearest", "--json");
        result.ExitCode.ShouldBe(ExitCode.Refused);
        result.Json.GetProperty("exit_code").GetInt32().ShouldBe(ExitCode.Refused);
        result.Json.GetProperty("problem").GetProperty("errors").EnumerateObject().Select(field => field.Name).ShouldBe(["limit", "sort"], ignoreOrder: true);
        result.Error.ShouldContain("limit: must be");
        result.Error.ShouldContain("sort: must be");
        result.Error.Count(c => c == '\n').ShouldBe(1);
    }
}
