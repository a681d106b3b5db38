using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Marketplace.Cli.Shop.Input;
using Marketplace.Cli.Shop.Sending;

namespace Marketplace.Cli.Demo;

/// <summary>A living marketplace: shops, shoppers with tastes, searches, moderators; until it is stopped, or for a while.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    public static Command Create(CommandRunner runner)
    {
        var products = Whole("--products", "Сколько товаров выставить.", 2_400, 1, 1_000_000);
        var users = Whole("--users", "Сколько покупателей.", 2_000, 1, 1_000_000);
        var rate = Whole("--rate", "Событий в секунду.", 200, 1, 100_000);
        var seconds = Whole("--seconds", "Сколько секунд; без конца, если 0.", 0, 0, 1_000_000);
        var seed = Whole("--seed", "Начало случайных чисел.", 1, 0, int.MaxValue);
        var command = new Command("demo", "Живой маркетплейс: магазины, покупатели со вкусами, поиск, запреты. Ctrl+C — закончить.") { products, users, rate, seconds, seed };
        return runner.Run(command, async (run, cancellationToken) =>
        {
            await using (var source = new SampleProducts(run.Get(products)))
            {
                var sent = new SendReport(0);
                await new ProductSender(run.Gateway, run.Terminal.Time, new SilentObserver()).RunAsync(source, 0, sent, cancellationToken);
                run.Terminal.WriteNote($"Выставлено: {Words.Products(sent.Accepted)}. Покупателей: {Words.Number(run.Get(users))}, {Words.Number(run.Get(rate))} событий в секунду.");
            }

            var report = new DemoReport();
            var traffic = new DemoTraffic(run.Gateway, run.Terminal.Time, new DemoMarket(run.Get(products)), report, run.Get(users), run.Get(rate), run.Get(seed));
            using var over = new CancellationTokenSource();
            if (run.Get(seconds) > 0)
            {
                over.CancelAfter(TimeSpan.FromSeconds(run.Get(seconds)));
            }

            await using var tick = run.Terminal.Time.CreateTimer(_ => Tell(run, report), null, Tick, Tick);
            try
            {
                await traffic.RunAsync(over.Token, cancellationToken);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested || cancellationToken.IsCancellationRequested)
            {
                // The end that was asked for.
            }

            if (run.Json)
            {
                await run.Terminal.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(report.ToAnswer(), GatewayJson.Readable.DemoAnswer), CancellationToken.None);
            }
            else
            {
                run.Screen.Line(Describe(report.ToAnswer()));
            }

            return ExitCode.Ok;
        });
    }

    private static Option<int> Whole(string name, string description, int otherwise, int from, int to)
    {
        var option = new Option<int>(name) { HelpName = "число", Description = $"{description} {otherwise}, если не сказано.", DefaultValueFactory = _ => otherwise };
        return option.MustBe(number => number >= from && number <= to, $"{name}: от {from} до {to}");
    }

    private static void Tell(Invocation run, DemoReport report)
    {
        if (!run.Json)
        {
            run.Terminal.WriteNote(Describe(report.ToAnswer()));
        }
    }

    private static string Describe(DemoAnswer a) =>
        $"Событий: {Words.Number(a.Events)} ({Words.Number((decimal)a.EventsPerSecond)}/с), поисков: {Words.Number(a.Searches)}, запретов: {Words.Number(a.Bans)}. "
        + $"Список следует за покупкой: {Milliseconds(a.FollowMsP50)}, p99 {Milliseconds(a.FollowMsP99)} (из {a.Followed}); у двух покупателей общих товаров из 10: {Words.Number((decimal)(a.SharedItems ?? 0), 1)}.";

    private static string Milliseconds(double? time) => time is { } known ? $"{Words.Number((decimal)known)} мс" : "—";
}
