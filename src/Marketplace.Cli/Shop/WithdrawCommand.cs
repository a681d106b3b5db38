using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Shop;

internal static class WithdrawCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        return runner.Run(new Command("withdraw", "Снимает товар с продажи; снятие запрета его не вернёт. Уже снятый — не ошибка.") { id }, async (run, cancellationToken) =>
        {
            var product = run.Get(id);
            (await run.Gateway.SendAsync(HttpMethod.Delete, Route.Of($"/shop/products/{product}"), null, cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(new DoneAnswer(product, "withdrawn"), GatewayJson.Readable.DoneAnswer), cancellationToken);
            }
            else
            {
                run.Screen.Line($"Товар [bold]{Words.Markup(product)}[/] не продаётся.");
            }

            return ExitCode.Ok;
        });
    }
}
