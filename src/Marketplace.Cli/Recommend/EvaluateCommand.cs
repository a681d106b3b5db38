using System.CommandLine;
using System.Text.Json;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Output;
using Marketplace.Cli.Running;
using Marketplace.Recommendations;
using Marketplace.Recommendations.Evaluation;
using Spectre.Console;

namespace Marketplace.Cli.Recommend;

/// <summary>Judges the recommendations by a log, beside popularity and plain item-item.</summary>
internal static class EvaluateCommand
{
    public static Command Create(CommandRunner runner)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "Строки «пользователь товар [время]» или события клиентов в JSON; пользователь за пользователем либо по времени." };
        var kind = new Option<string>("--kind") { HelpName = "вид", Description = "Чем считать строку без вида: purchase или view; purchase, если не сказано.", DefaultValueFactory = _ => "purchase" };
        var protocol = new Option<string?>("--protocol") { HelpName = "способ", Description = "replay (по времени, каждое событие сначала угадывается) или leave-one-out (угадывается последний товар каждого); если не сказано — replay, где есть время." };
        var lengths = new Option<int[]>("--k") { HelpName = "длина", Description = "Длины списков; 10, если не сказано.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10] };
        var every = new Option<int>("--every") { HelpName = "число", Description = "replay: угадывать каждое n-е событие.", DefaultValueFactory = _ => 1 };
        kind.AcceptOnlyFromAmong("purchase", "view");
        protocol.AcceptOnlyFromAmong("replay", "leave-one-out");
        lengths.MustBe(all => all is { Length: > 0 } && all.All(k => k is >= 1 and <= RecommendationModel.MaxLimit), $"--k: от 1 до {RecommendationModel.MaxLimit}");
        every.MustBe(number => number >= 1, "--every: нужно число не меньше единицы");
        var command = new Command("evaluate", "HR, NDCG, MRR, охват и уклон к популярному: наш способ, популярность и item-item рядом.") { file, kind, protocol, lengths, every };
        return runner.Run(command, async (run, cancellationToken) =>
        {
            var views = run.Get(kind) == "view";
            var log = await ReadAsync(run.Get(file), views ? ClientEventKind.View : ClientEventKind.Purchase, cancellationToken);
            var replays = run.Get(protocol) is { } asked ? asked == "replay" : log.HasTimes;
            if (replays && !log.HasTimes)
            {
                throw new CommandFailure(ExitCode.Usage, "replay: в файле нет времени; есть --protocol leave-one-out");
            }

            var report = await run.WithBarAsync("угадываю…", bar =>
            {
                var options = new EvaluationOptions { Lengths = [.. run.Get(lengths)!.Distinct().Order()], Repeats = views, SampleEvery = run.Get(every), Progress = bar is null ? null : new Judged(bar) };
                return Task.Run(() => replays ? OfflineEvaluation.Replay(log, options, cancellationToken) : OfflineEvaluation.LeaveOneOut(log, options, cancellationToken), cancellationToken);
            });
            if (report.Targets == 0)
            {
                throw new CommandFailure(ExitCode.Refused, $"{run.Get(file)!.Name}: угадывать нечего, у каждого пользователя меньше двух товаров");
            }

            var answer = new EvaluationAnswer(replays ? "replay" : "leave-one-out", report.Users, report.Items, report.Interactions, report.Targets, report.Methods);
            await (run.Json ? run.Terminal.WriteJsonAsync(JsonSerializer.SerializeToUtf8Bytes(answer, GatewayJson.Readable.EvaluationAnswer), cancellationToken) : ShowAsync(run, answer));
            return ExitCode.Ok;
        });
    }

    private static async Task<InteractionLog> ReadAsync(FileInfo file, ClientEventKind kind, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(InputFile.Open(file.FullName), bufferSize: 64 * 1024);
            return await InteractionLog.ReadAsync(reader, kind, cancellationToken);
        }
        catch (MalformedLineException e)
        {
            throw new CommandFailure(ExitCode.Refused, $"{file.Name}: строка {e.Line}: это не «пользователь товар [время]» и не событие клиента");
        }
    }

    private static Task ShowAsync(Invocation run, EvaluationAnswer answer)
    {
        run.Screen.Line($"{answer.Protocol}: {Words.Number(answer.Users)} пользователей, {Words.Products(answer.Items)}, {Words.Number(answer.Interactions)} событий, угадывалось {Words.Number(answer.Targets)}.");
        var table = Screen.Table("Способ", Column.Number("k"), Column.Number("HR"), Column.Number("NDCG"), Column.Number("MRR"), Column.Number("Охват"), Column.Number("Популярность"));
        foreach (var m in answer.Methods.OrderBy(m => m.Length))
        {
            table.AddRow(m.Method, $"{m.Length}", Share(m.HitRate), Share(m.Ndcg), Share(m.Mrr), Share(m.Coverage), Words.Number((decimal)m.PopularityBias, 2));
        }

        run.Screen.Write(table);
        return Task.CompletedTask;
    }

    private static string Share(double share) => Words.Number((decimal)share, 4);

    /// <summary>Reported on the thread that judges: <see cref="Progress{T}"/> would report out of order.</summary>
    private sealed class Judged(ProgressTask bar) : IProgress<double>
    {
        public void Report(double value) => bar.MoveTo(value);
    }
}

/// <summary>What <c>recommend evaluate --json</c> prints.</summary>
internal sealed record EvaluationAnswer(string Protocol, int Users, int Items, int Interactions, int Targets, IReadOnlyList<RankingMetrics> Methods);
