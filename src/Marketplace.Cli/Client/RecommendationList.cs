using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Client;

/// <summary>Fetches and shows a list of recommended products, with the reason of each.</summary>
internal static class RecommendationList
{
    public static async Task<int> ShowAsync(Invocation run, string path, CancellationToken cancellationToken)
    {
        var answer = (await run.Gateway.GetAsync(path, cancellationToken)).Expect();
        if (run.Json)
        {
            await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
            return ExitCode.Ok;
        }

        var items = answer.Read(GatewayJson.Default.RecommendationPage).Items;
        if (items.Count == 0)
        {
            run.Screen.Line("Пока нечего предложить.");
            return ExitCode.Ok;
        }

        var table = Screen.Table("№", "Товар", "Марка", "Цена", "В наличии", "product_id", "Почему");
        table.Columns[3].RightAligned().NoWrap();
        table.Columns[4].RightAligned();
        for (var at = 0; at < items.Count; at++)
        {
            var card = ProductCard.Read(items[at].Product);
            table.AddRow($"{at + 1}", card.Name, card.Brand, card.Price, card.Stock, card.Id, Reason(items[at].Reason));
        }

        run.Screen.Write(table);
        return ExitCode.Ok;
    }

    private static string Reason(ReasonAnswer reason)
    {
        var kind = reason.Kind switch
        {
            "bought_together" => "покупают вместе",
            "viewed_together" => "смотрят вместе",
            "similar_content" => "похоже",
            "trending" => "набирает спрос",
            "popular" => "популярно",
            "discovery" => "для знакомства",
            _ => Words.Markup(reason.Kind),
        };
        return reason.Because.Count == 0 ? kind : $"{kind} [grey]({Words.Markup(string.Join(", ", reason.Because))})[/]";
    }
}
