using System.CommandLine;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Mirror;

internal static class ResumeCommand
{
    public static Command Create(CommandRunner runner)
    {
        var topic = new Argument<string>("topic") { HelpName = "топик", Description = "Остановившийся топик." };
        var partition = new Option<int?>("--partition") { HelpName = "число", Description = "Один раздел; если не сказано — все." };
        var from = new Option<string?>("--from") { HelpName = "откуда", Description = "position — где остановилось, beginning — всё, что есть в источнике, latest — только новое, или смещение. Если не сказано — position, но не после promote." };
        return runner.Run(new Command("resume", "Продолжить копирование остановившегося топика.") { topic, partition, from }, async (run, cancellationToken) =>
        {
            var path = "/mirror/resume".With(("topic", run.Get(topic)), ("partition", run.Get(partition)), ("from", run.Get(from)));
            var answer = (await run.Gateway.SendAsync(HttpMethod.Post, path, null, cancellationToken)).Expect();
            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(answer.Body, cancellationToken);
                return ExitCode.Ok;
            }

            foreach (var resumed in answer.Read(GatewayJson.Default.ResumedAnswer).Partitions)
            {
                run.Screen.Line($"{Words.Markup(run.Get(topic))}, раздел {resumed.Partition}: продолжает со смещения {Words.Number(resumed.Position)}.");
            }

            return ExitCode.Ok;
        });
    }
}
