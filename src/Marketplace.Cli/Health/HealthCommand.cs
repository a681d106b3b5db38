using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Health;

/// <summary>Shows how the gateway's parts stand; also when it is not ready, which is what one asks for then.</summary>
internal static class HealthCommand
{
    private const int NotReady = 503;

    public static Command Create(CommandRunner runner) => runner.Run(new Command("health", "Готов ли шлюз, и как дела у его частей; код выхода 3, если не готов."), async (run, cancellationToken) =>
    {
        var answer = await run.Gateway.GetAsync("/health/ready", cancellationToken);
        if (answer.Status != NotReady)
        {
            answer.Expect();
        }

        var state = answer.Read(GatewayJson.Default.ReadyAnswer);
        if (run.Json)
        {
            await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
        }
        else
        {
            Show(run, state.Parts ?? [], answer.IsSuccess);
        }

        return answer.IsSuccess ? ExitCode.Ok : ExitCode.Unavailable;
    });

    private static void Show(Invocation run, IReadOnlyList<PartAnswer> parts, bool isReady)
    {
        var table = Screen.Table(Column.Short("Часть"), Column.Short("Состояние"), "Подробности");
        foreach (var part in parts)
        {
            table.AddRow(Words.Markup(part.Name), part.Ready ? "[green]готова[/]" : "[yellow]не готова[/]", Words.Markup(part.Reason));
        }

        run.Screen.Write(table);
        run.Screen.Line(isReady ? $"[green]Шлюз {Words.Markup(run.Gateway.Url)} готов.[/]" : $"[yellow]Шлюз {Words.Markup(run.Gateway.Url)} ещё не готов.[/]");
    }
}
