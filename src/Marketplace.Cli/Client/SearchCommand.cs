using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Client;

internal static class SearchCommand
{
    public static Command Create(CommandRunner runner)
    {
        var query = new Argument<string[]>("QUERY") { Arity = ArgumentArity.ZeroOrMore, Description = "Слова; \"фраза\" в кавычках, -слово — чтобы его не было. Без слов — все товары." };
        var limit = Arguments.Limit();
        var offset = Arguments.Offset();
        var asOf = new Option<string?>("--as-of") { HelpName = "метка", Description = "Метка из ответа первой страницы: следующая берётся из того же состояния поиска, пока шлюз его помнит." };
        var category = new Option<string?>("--category") { HelpName = "название", Description = "Только эта категория." };
        var brand = new Option<string?>("--brand") { HelpName = "название", Description = "Только эта марка." };
        var store = new Option<string?>("--store-id") { HelpName = "id", Description = "Только этот магазин." };
        var minPrice = Price("--min-price", "Цена не ниже, в --currency.");
        var maxPrice = Price("--max-price", "Цена не выше, в --currency.");
        var currency = new Option<string?>("--currency") { HelpName = "код", Description = "Валюта цен; RUB, если не сказано." };
        var inStock = new Option<bool>("--in-stock") { Description = "Только то, что есть в наличии." };
        var sort = new Option<string?>("--sort") { HelpName = "порядок", Description = "relevance, price, -price, newest или popularity." };
        var facets = new Option<string?>("--facets") { HelpName = "список", Description = "Через запятую: category, brand, store_id, price или имя характеристики." };
        var user = new Option<string?>("--user-id") { HelpName = "id", Description = "Кто ищет." };
        var explain = new Option<bool>("--explain") { Description = "Из чего сложилась оценка каждого товара." };
        var command = new Command("search", "Ищет среди того, что продаётся.")
        {
            query, limit, offset, asOf, category, brand, store, minPrice, maxPrice, currency, inStock, sort, facets, user, explain,
        };
        return runner.Run(command, async (run, cancellationToken) =>
        {
            var path = "/client/search".With(
                ("q", string.Join(' ', run.Get(query))),
                ("limit", run.Get(limit)),
                ("offset", run.Get(offset)),
                ("as_of", run.Get(asOf)),
                ("category", run.Get(category)),
                ("brand", run.Get(brand)),
                ("store_id", run.Get(store)),
                ("min_price", run.Get(minPrice)),
                ("max_price", run.Get(maxPrice)),
                ("currency", run.Get(currency)),
                ("in_stock", run.Get(inStock) ? true : null),
                ("sort", run.Get(sort)),
                ("facets", run.Get(facets)),
                ("user_id", run.Get(user)),
                ("explain", run.Get(explain) ? true : null));
            var answer = (await run.Gateway.GetAsync(path, cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
            }
            else
            {
                new SearchView(run.Screen, answer.Read(GatewayJson.Default.SearchPage), run.Get(offset) ?? 0, run.Get(limit)).Show();
            }

            return ExitCode.Ok;
        });
    }

    /// <summary>A number with a point or, as is usual in Russian, a comma.</summary>
    private static Option<decimal?> Price(string name, string description) => new(name)
    {
        HelpName = "сумма",
        Description = description,
        CustomParser = result => Parse(result, name),
    };

    private static decimal? Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value.Replace(',', '.').Replace(" ", "", StringComparison.Ordinal);
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var price))
        {
            return price;
        }

        result.AddError($"{name}: нужно число, а не «{result.Tokens[0].Value}»");
        return null;
    }
}
