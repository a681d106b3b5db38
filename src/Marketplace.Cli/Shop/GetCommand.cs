using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Shop;

internal static class GetCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        return runner.Run(new Command("get", "Путь товара: когда принят, какое решение, виден ли в поиске, скопирован ли.") { id }, async (run, cancellationToken) =>
        {
            var answer = (await run.Gateway.GetAsync(Route.Of($"/shop/products/{run.Get(id)}"), cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
            }
            else
            {
                Show(run, answer.Read(GatewayJson.Default.JourneyAnswer));
            }

            return ExitCode.Ok;
        });
    }

    private static void Show(Invocation run, JourneyAnswer journey)
    {
        var table = Screen.Table($"Товар {Words.Markup(journey.ProductId)}", Column.Short("Когда"), "Подробности");
        var accepted = journey.Accepted;
        var isWithdrawn = journey.Verdict.Status == "withdrawn";
        table.AddRow(isWithdrawn ? "[yellow]снят магазином[/]" : "[green]принят[/]", At(accepted.At), $"раздел {accepted.Partition}, смещение {accepted.Offset}");
        var verdict = journey.Verdict;
        if (!isWithdrawn)
        {
            table.AddRow(Verdict(verdict.Status), "", Words.Markup(Details(verdict) + (verdict.AsOf is { } asOf ? $", на {At(asOf)}" : "")));
        }

        if (verdict.Status == "passed")
        {
            table.AddRow(
                journey.Searchable is null ? "[yellow]ещё не виден в поиске[/]" : "[green]виден в поиске[/]",
                At(journey.Searchable?.Since), "");
        }

        if (journey.Mirrored is { } mirrored)
        {
            table.AddRow(mirrored.Product ? "[green]скопирован в зеркало[/]" : "[yellow]ещё не в зеркале[/]", "", $"зеркало дошло до смещения {mirrored.Offset}");
        }

        run.Screen.Write(table);

        string At(DateTimeOffset? instant) => instant is { } known ? Words.Instant(known, run.Terminal.Time, precise: true) : "";
    }

    private static string Verdict(string status) => status switch
    {
        "passed" => "[green]допущен к продаже[/]",
        "banned" => "[red]запрещён[/]",
        _ => Words.Markup(status),
    };

    private static string Details(VerdictAnswer verdict)
    {
        var details = verdict.Ban is null ? "" : $"запрет «{verdict.Ban}»" + (verdict.Reason is null ? ", " : $": {verdict.Reason}, ");
        return details + (verdict.BanList is { } list and > 0 ? $"по списку запретов до смещения {list}" : "список запретов пуст");
    }
}
