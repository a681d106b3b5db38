using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Banned;

internal static class ListCommand
{
    public static Command Create(CommandRunner runner)
    {
        var limit = Arguments.Limit("Сколько показать: от 1 до 10000, если не сказано — 100.");
        var offset = Arguments.Offset();
        return runner.Run(new Command("list", "Действующие запреты по порядку product_id.") { limit, offset }, async (run, cancellationToken) =>
        {
            var answer = (await run.Gateway.GetAsync("/banned".With(("limit", run.Get(limit)), ("offset", run.Get(offset))), cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                return ExitCode.Ok;
            }

            var page = answer.Read(GatewayJson.Default.BanPage);
            if (page.Items.Count > 0)
            {
                run.Screen.Write(BanTable.Of(page.Items, run.Terminal.Time));
            }

            var last = (run.Get(offset) ?? 0) + page.Items.Count;
            run.Screen.Line(page.Total == 0
                ? "Запретов нет."
                : $"Действует: {Words.Count(page.Total, "запрет", "запрета", "запретов")}.{(last < page.Total ? $" Дальше: --offset {last}." : "")}");
            return ExitCode.Ok;
        });
    }
}
