using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Mirror;

internal static class VerifyCommand
{
    public static Command Create(CommandRunner runner)
    {
        var topics = new Argument<string[]>("topic") { HelpName = "топик", Description = "Какие топики сверить; если не сказано — все.", Arity = ArgumentArity.ZeroOrMore };
        return runner.Run(
            new Command("verify", "Сверяет обе стороны по контрольным суммам до скопированного места и называет первое отличие; код выхода 1, если оно есть.") { topics }, async (run, cancellationToken) =>
            {
                var path = "/mirror/verify" + string.Concat(run.Get(topics).Select((topic, i) => $"{(i == 0 ? '?' : '&')}topic={Uri.EscapeDataString(topic)}"));
                var answer = await run.WithBarAsync("сверяю…", async bar =>
                {
                    bar?.MoveTo(null);
                    return (await run.Gateway.SendAsync(HttpMethod.Post, path, null, cancellationToken, timeout: Timeout.InfiniteTimeSpan)).Expect();
                });
                var verified = answer.Read(GatewayJson.Default.VerificationAnswer);
                if (run.Json)
                {
                    await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                }
                else
                {
                    Show(run, verified);
                }

                return verified.Equal ? ExitCode.Ok : ExitCode.Refused;
            });
    }

    private static void Show(Invocation run, VerificationAnswer verified)
    {
        var table = Screen.Table(Column.Short("Топик"), Column.Number("Раздел"), Column.Number("до смещения"), Column.Number("записей"), Column.Number("в зеркале"), "Итог");
        foreach (var partition in verified.Partitions)
        {
            table.AddRow(
                Words.Markup(partition.Topic), $"{partition.Partition}", Words.Number(partition.UpTo), Words.Number(partition.Source.Records), Words.Number(partition.Target.Records),
                partition.Equal ? "[green]одинаковы[/]" : $"[red]{Words.Markup(partition.Difference)}[/]");
        }

        run.Screen.Write(table);
        run.Screen.Line(verified.Equal ? "[green]Стороны одинаковы.[/]" : "[red]Стороны различаются.[/]");
    }
}
