using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Spectre.Console;

namespace Marketplace.Cli.Mirror;

internal static class StatusCommand
{
    public static Command Create(CommandRunner runner) => runner.Run(
        new Command("status", "Отставание каждого топика в записях и секундах и состояние; код выхода 1, если что-то остановилось."), async (run, cancellationToken) =>
        {
            var answer = (await run.Gateway.GetAsync("/mirror", cancellationToken)).Expect();
            var mirror = answer.Read(GatewayJson.Default.MirrorAnswer);
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
            }
            else
            {
                Show(run, mirror);
            }

            return mirror.State is "failed" or "fenced" || mirror.Topics.Any(topic => topic.State is not ("running" or "promoted")) ? ExitCode.Refused : ExitCode.Ok;
        });

    private static void Show(Invocation run, MirrorAnswer mirror)
    {
        run.Screen.Line($"{Words.Markup(mirror.Source)} → {Words.Markup(mirror.Target)}: {MirrorWords.State(mirror.State)}{(mirror.Reason is null ? "" : $" ({Words.Markup(mirror.Reason)})")}");
        var table = Screen.Table(Column.Short("Топик"), Column.Number("Отстаёт, записей"), Column.Number("секунд"), "Состояние");
        foreach (var topic in mirror.Topics)
        {
            table.AddRow(
                Words.Markup(topic.Topic), Words.Number(topic.LagRecords), Words.Number((decimal)topic.LagSeconds, 1),
                MirrorWords.State(topic.State) + (topic.Reason is null ? "" : $"\n{Words.Markup(topic.Reason)}"));
        }

        run.Screen.Write(table);
        if (mirror.Topics.Where(topic => topic.Partitions.Any(partition => partition.LeftOut > 0)).Select(topic => topic.Topic).ToArray() is { Length: > 0 } gaps)
        {
            run.Screen.Line($"[yellow]Продолжены с пропуском, часть записей не скопирована:[/] {Words.Markup(string.Join(", ", gaps))}.");
        }

        var behind = mirror.Groups.Where(group => !group.InStep).Select(group => group.Group).ToArray();
        run.Screen.Line(behind.Length == 0
            ? $"Позиции групп переведены: {mirror.Groups.Count}."
            : $"[yellow]Позиции этих групп ещё впереди скопированного:[/] {Words.Markup(string.Join(", ", behind))}.");
        if (mirror.Conflicts > 0)
        {
            run.Screen.Line($"[yellow]Один ключ пишут обе стороны[/]: {Words.Number(mirror.Conflicts)}, последний — {Words.Markup(mirror.LastConflict)}.");
        }
    }
}
