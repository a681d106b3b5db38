using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Mirror;

internal static class PromoteCommand
{
    public static Command Create(CommandRunner runner)
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Только сказать, что мешает и где стороны; ничего не менять." };
        var force = new Option<bool>("--force") { Description = "Передать работу, даже если что-то мешает: что скопировано, то и есть." };
        return runner.Run(
            new Command("promote", "Передаёт работу зеркалу: копирует всё, что есть, останавливается и печатает настройки, с которыми запускать шлюз на нём.") { dryRun, force }, async (run, cancellationToken) =>
            {
                var path = "/mirror/promote".With(("dry_run", run.Get(dryRun)), ("force", run.Get(force)));
                var answer = (await run.Gateway.SendAsync(HttpMethod.Post, path, null, cancellationToken, timeout: Timeout.InfiniteTimeSpan)).Expect();
                var promotion = answer.Read(GatewayJson.Default.PromotionAnswer);
                if (run.Json)
                {
                    await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                }
                else
                {
                    Show(run, promotion, run.Get(dryRun));
                }

                return promotion.Promoted || (run.Get(dryRun) && promotion.Obstacles.Count == 0) ? ExitCode.Ok : ExitCode.Refused;
            });
    }

    private static void Show(Invocation run, PromotionAnswer promotion, bool isDryRun)
    {
        var table = Screen.Table(Column.Short("Топик"), Column.Number("Раздел"), Column.Number("скопировано до"), Column.Number("не скопировано"), Column.Number("конец в зеркале"));
        foreach (var partition in promotion.Partitions)
        {
            table.AddRow(
                Words.Markup(partition.Topic), $"{partition.Partition}", Words.Number(partition.SourcePosition), Words.Number(partition.LagRecords), Words.Number(partition.TargetEnd));
        }

        run.Screen.Write(table);
        foreach (var obstacle in promotion.Obstacles)
        {
            run.Screen.Line($"[red]Мешает:[/] {Words.Markup(obstacle)}");
        }

        run.Screen.Line(promotion.Promoted ? "[green]Зеркало остановлено и готово принять работу.[/]" : isDryRun ? "Это проба: ничего не изменено." : "[red]Работа не передана.[/]");
        if (promotion.Promoted || isDryRun)
        {
            run.Screen.Line("Настройки шлюза на зеркале:");
            foreach (var setting in promotion.Settings)
            {
                run.Screen.Line($"  --{Words.Markup(setting)}");
            }
        }
    }
}
