using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Client;

internal static class ProductCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        return runner.Run(new Command("product", "Карточка товара, как он продаётся.") { id }, async (run, cancellationToken) =>
        {
            var answer = (await run.Gateway.GetAsync(Route.Of($"/client/products/{run.Get(id)}"), cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
            }
            else
            {
                Show(run.Screen, ProductCard.Read(answer.Read(GatewayJson.Default.JsonElement)));
            }

            return ExitCode.Ok;
        });
    }

    private static void Show(Screen screen, ProductCard card)
    {
        screen.Line($"[bold]{card.Name}[/]");
        if (card.Document is not { } product)
        {
            return;
        }

        if (product.Description is { } description)
        {
            screen.Line(Words.Markup(description));
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(3)).AddColumn();
        Add("product_id", card.Id);
        Add("цена", card.Price);
        Add("в наличии", card.Stock);
        Add("категория", Words.Markup(product.Category));
        Add("марка", card.Brand);
        Add("магазин", Words.Markup(product.StoreId));
        Add("артикул", Words.Markup(product.Sku));
        Add("метки", Words.Markup(string.Join(", ", product.Tags)));
        foreach (var specification in product.Specifications)
        {
            Add(Words.Markup(specification.Name), Words.Markup(specification.Value));
        }

        screen.Write(grid);

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                grid.AddRow($"[grey]{name}[/]", value);
            }
        }
    }
}
