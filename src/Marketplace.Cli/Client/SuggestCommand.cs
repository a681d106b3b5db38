using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Client;

internal static class SuggestCommand
{
    public static Command Create(CommandRunner runner)
    {
        var typed = new Argument<string[]>("TEXT") { Arity = ArgumentArity.OneOrMore, Description = "Начало запроса, как его набирают." };
        var limit = Arguments.Limit();
        return runner.Run(new Command("suggest", "Подсказки по мере набора.") { typed, limit }, async (run, cancellationToken) =>
        {
            var path = "/client/suggest".With(("q", string.Join(' ', run.Get(typed))), ("limit", run.Get(limit)));
            var answer = (await run.Gateway.GetAsync(path, cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                return ExitCode.Ok;
            }

            var items = answer.Read(GatewayJson.Default.SuggestPage).Items;
            if (items.Count == 0)
            {
                run.Screen.Line("Подсказок нет.");
                return ExitCode.Ok;
            }

            var table = Screen.Table("Подсказка", Column.Short("Что это"), Column.Id(items.Select(item => item.ProductId)));
            foreach (var item in items)
            {
                table.AddRow(Words.Markup(item.Text), Kind(item.Kind), Words.Markup(item.ProductId));
            }

            run.Screen.Write(table);
            return ExitCode.Ok;
        });
    }

    private static string Kind(string kind) => kind switch
    {
        "product" => "товар",
        "brand" => "марка",
        "category" => "категория",
        "query" => "запрос",
        _ => Words.Markup(kind),
    };
}
