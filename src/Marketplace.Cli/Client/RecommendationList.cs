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

        var cards = items.Select(item => ProductCard.Read(item.Product)).ToArray();
        var table = Screen.Table(
            Column.Number("№"), "Товар", "Марка", Column.Number("Цена"), Column.Number("Есть"), Column.Id(cards.Select(card => card.Id)), "Почему");
        for (var at = 0; at < items.Count; at++)
        {
            var card = cards[at];
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
