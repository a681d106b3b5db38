using System.Buffers;
using System.CommandLine;
using System.Net.Http.Headers;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Marketplace.Cli.Shop.Input;

namespace Marketplace.Cli.Shop;

internal static class CheckCommand
{
    public static Command Create(CommandRunner runner)
    {
        var input = new ProductInput();
        var command = new Command("check", "Что было бы с товарами: ошибки в полях и запреты. Ничего не записывает; код выхода 1, если хоть один не попал бы в продажу.");
        input.AddTo(command);
        return runner.Run(command, async (run, cancellationToken) =>
        {
            long index = 0, unfit = 0;
            await using var source = input.Open(run);
            await foreach (var product in source.ReadAsync(cancellationToken))
            {
                using var content = new ByteArrayContent(product.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                var answer = (await run.Gateway.SendAsync(HttpMethod.Post, "/shop/products/check", content, cancellationToken)).Expect();
                var check = answer.Read(GatewayJson.Default.CheckAnswer);
                unfit += check.Valid && check.Ban is null ? 0 : 1;
                if (run.Json)
                {
                    await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                }
                else
                {
                    Show(run, index, check);
                }

                index++;
            }

            if (!run.Json)
            {
                run.Screen.Line(unfit == 0
                    ? $"[green]Проверено: {Words.Products(index)}, всё в порядке.[/]"
                    : $"[yellow]Проверено: {Words.Products(index)}, не прошло: {Words.Number(unfit)}.[/]");
            }

            return unfit == 0 ? ExitCode.Ok : ExitCode.Refused;
        });
    }

    private static void Show(Invocation run, long index, CheckAnswer check)
    {
        if (!check.Valid)
        {
            run.Screen.Line($"[red]{Name(index, check.ProductId)}: {Words.Markup(FieldErrors.Line(check.Errors))}[/]");
        }

        if (check.Ban is { } ban)
        {
            run.Screen.Line($"[red]{Name(index, check.ProductId)}: запрещён[/]{Words.Markup(ban.Reason is null ? "" : ": " + ban.Reason)}");
        }
    }

    private static string Name(long index, string? id) => Words.Markup(Words.ProductAt(index, id));
}
