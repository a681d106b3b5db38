using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Marketplace.Cli.Shop.Input;
using Marketplace.Cli.Shop.Sending;

namespace Marketplace.Cli.Shop;

/// <summary>Sends products of any number; says which were refused and, when it cannot finish, where to go on.</summary>
internal static class SendCommand
{
    public static Command Create(CommandRunner runner)
    {
        var input = new ProductInput();
        var from = new Option<long>("--from") { HelpName = "индекс", Description = "Пропустить столько товаров с начала: продолжить прерванное." };
        var patience = new Option<int?>("--retry-for") { HelpName = "секунды", Description = "Сколько ждать шлюз, который замолчал или не готов, прежде чем сдаться; 60, если не сказано." };
        from.MustBe(number => number >= 0, "--from: нужно число не меньше нуля");
        patience.MustBe(seconds => seconds is null or >= 0, "--retry-for: нужно число не меньше нуля");
        var command = new Command("send", "Присылает товары. Принятое уже на диске; код выхода 1, если хоть один товар не принят.") { from, patience };
        input.AddTo(command);
        return runner.Run(command, async (run, cancellationToken) =>
        {
            var report = new SendReport(run.Get(from));
            var started = run.Terminal.Time.GetTimestamp();
            var limit = TimeSpan.FromSeconds(run.Get(patience) ?? 60);
            try
            {
                await using var source = input.Open(run);
                await run.WithBarAsync("соединяюсь…", bar =>
                {
                    ISendObserver observer = run.Json ? new SilentObserver() : new ConsoleObserver(run.Terminal, run.Screen.Error, bar);
                    return new ProductSender(run.Gateway, run.Terminal.Time, observer) { Patience = limit }.RunAsync(source, run.Get(from), report, cancellationToken);
                });
            }
            catch (CommandFailure failure)
            {
                throw await EndedAsync(run, report, failure);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw await EndedAsync(run, report, new CommandFailure(ExitCode.Interrupted, "прервано"));
            }

            if (run.Json)
            {
                await WriteAsync(run, report.ToAnswer());
            }
            else
            {
                var took = Words.Seconds(run.Terminal.Time.GetElapsedTime(started));
                run.Screen.Line(report.Rejected == 0
                    ? $"[green]Принято: {Words.Products(report.Accepted)}[/] за {took}."
                    : $"[yellow]Принято: {Words.Products(report.Accepted)}, отказано: {Words.Number(report.Rejected)}[/], {took}.");
            }

            return report.Rejected == 0 ? ExitCode.Ok : ExitCode.Refused;
        });
    }

    /// <summary>The failure, with how far it came until then; a program gets the report with it.</summary>
    private static async Task<CommandFailure> EndedAsync(Invocation run, SendReport report, CommandFailure failure)
    {
        if (report.Accepted + report.Rejected == 0)
        {
            return failure;
        }

        if (run.Json)
        {
            await WriteAsync(run, report.ToAnswer() with { ExitCode = failure.ExitCode, Error = failure.Message });
        }

        return new CommandFailure(
            failure.ExitCode, $"{failure.Message}; принято: {report.Accepted}, отказано: {report.Rejected}, продолжить: --from {report.Next}") { IsAnswered = true };
    }

    private static Task WriteAsync(Invocation run, SendAnswer answer) =>
        run.Terminal.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(answer, GatewayJson.Readable.SendAnswer), CancellationToken.None);
}
