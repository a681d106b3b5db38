using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Banned;

internal static class GetCommand
{
    public static Command Create(CommandRunner runner)
    {
        var id = Arguments.ProductId();
        return runner.Run(new Command("get", "Запрет товара; код выхода 4, если его нет.") { id }, async (run, cancellationToken) =>
        {
            var answer = (await run.Gateway.GetAsync(Route.Of($"/banned/{run.Get(id)}"), cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
            }
            else
            {
                run.Screen.Write(BanTable.Of([answer.Read(GatewayJson.Default.BanAnswer)], run.Terminal.Time));
            }

            return ExitCode.Ok;
        });
    }
}
