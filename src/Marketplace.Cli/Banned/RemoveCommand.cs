using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Banned;

internal static class RemoveCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        return runner.Run(new Command("remove", "Снимает запрет: последняя версия товара снова в продаже. Нет запрета — не ошибка.") { id }, async (run, cancellationToken) =>
        {
            var product = run.Get(id);
            (await run.Gateway.SendAsync(HttpMethod.Delete, Route.Of($"/banned/{product}"), null, cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(new DoneAnswer(product, "unbanned"), GatewayJson.Readable.DoneAnswer), cancellationToken);
            }
            else
            {
                run.Screen.Line($"Товар [bold]{Words.Markup(product)}[/] не запрещён.");
            }

            return ExitCode.Ok;
        });
    }
}
