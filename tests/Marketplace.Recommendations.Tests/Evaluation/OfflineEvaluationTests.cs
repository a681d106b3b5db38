using Marketplace.Recommendations.Evaluation;

namespace Marketplace.Recommendations.Tests.Evaluation;

public class OfflineEvaluationTests
{
    [Fact]
    public async Task Purchases_of_video_games_are_foreseen_as_well_as_asked_for()
    {
        var folder = Environment.GetEnvironmentVariable("MARKETPLACE_TEST_DATA");
        var file = Path.Combine(folder ?? "", "recommendations", "video.txt");
        if (folder is null || !File.Exists(file))
        {
            Assert.Skip("MARKETPLACE_TEST_DATA does not lead to recommendations/video.txt.");
        }

        using var reader = new StreamReader(file);
        var log = await InteractionLog.ReadAsync(reader, ClientEventKind.Purchase, TestContext.Current.CancellationToken);
        var report = OfflineEvaluation.LeaveOneOut(log, new EvaluationOptions(), TestContext.Current.CancellationToken);
        foreach (var metrics in report.Methods)
        {
            TestContext.Current.SendDiagnosticMessage(metrics.ToString());
        }

        (report.Users, report.Items, report.Interactions).ShouldBe((31_013, 23_715, 287_107));
        var model = report.Methods.Single(m => m.Method == "model");
        model.HitRate.ShouldBeGreaterThanOrEqualTo(0.125);
        model.Ndcg.ShouldBeGreaterThanOrEqualTo(0.072);

        // The baselines are what they are known to be; otherwise the protocol would be another.
        report.Methods.Single(m => m.Method == "popularity").HitRate.ShouldBeInRange(0.018, 0.023);
        report.Methods.Single(m => m.Method == "item-item").HitRate.ShouldBeInRange(0.037, 0.056);
    }

    [Fact]
    public async Task Metrics_are_those_counted_by_hand()
    {
        // c follows a three times of four; x is what most have.
        var log = await ReadAsync("1 a\n1 c\n1 x\n2 a\n2 c\n2 x\n3 a\n3 c\n3 x\n4 a\n4 c\n", ClientEventKind.Purchase);
        var report = OfflineEvaluation.LeaveOneOut(log, new EvaluationOptions { Lengths = [1, 2] }, CancellationToken.None);
        report.Targets.ShouldBe(4);
        var one = report.Methods.Single(m => m is { Method: "model", Length: 1 });
        var two = report.Methods.Single(m => m is { Method: "model", Length: 2 });
        // Users 1 to 3 have a and c, so x is all that is left; user 4 has a and gets c.
        one.ShouldBe(new RankingMetrics("model", 1, 1, 1, 1, 2d / 3, one.PopularityBias));
        two.HitRate.ShouldBe(1);
        one.PopularityBias.ShouldBe(1);
        report.Methods.Single(m => m is { Method: "popularity", Length: 1 }).Coverage.ShouldBe(2d / 3);
    }

    [Fact]
    public async Task Views_in_visits_are_foreseen_better_than_by_what_all_see()
    {
        var random = new Random(3);
        var lines = new List<string>();
        for (var session = 0; session < 400; session++)
        {
            for (int step = 0, item = random.Next(100); step < 6; step++)
            {
                lines.Add($$"""{"type":"view","session_id":"s{{session}}","product_id":"p{{item}}","occurred_at":"2026-01-01T{{session / 60:D2}}:{{session % 60:D2}}:{{step * 9:D2}}Z"}""");
                item = (item + (random.Next(4) == 0 ? random.Next(100) : 1)) % 100;
            }
        }

        var log = await ReadAsync(string.Join('\n', lines), ClientEventKind.View);
        log.HasTimes.ShouldBeTrue();
        foreach (var report in new[]
        {
            OfflineEvaluation.LeaveOneOut(log, new EvaluationOptions { Repeats = true }, CancellationToken.None),
            OfflineEvaluation.Replay(log, new EvaluationOptions { Repeats = true, SampleEvery = 3 }, CancellationToken.None),
        })
        {
            var byName = report.Methods.ToDictionary(m => m.Method);
            byName["model"].HitRate.ShouldBeGreaterThan(0.6);
            byName["model"].Mrr.ShouldBeGreaterThan(byName["item-item"].Mrr);
            byName["item-item"].HitRate.ShouldBeGreaterThan(byName["popularity"].HitRate);
        }
    }

    [Fact]
    public async Task A_replay_learns_from_nothing_that_is_yet_to_come()
    {
        // Every user's second item is their own first plus one; nobody has been there before.
        var log = await ReadAsync(string.Join('\n', Enumerable.Range(0, 50).Select(u => $"{u} {2 * u} {1000 + (10 * u)}\n{u} {(2 * u) + 1} {1001 + (10 * u)}")), ClientEventKind.Purchase);
        var report = OfflineEvaluation.Replay(log, new EvaluationOptions { Lengths = [1] }, CancellationToken.None);
        report.Targets.ShouldBe(50);
        report.Methods.Single(m => m.Method == "item-item").HitRate.ShouldBe(0);
        Should.Throw<ArgumentException>(() => OfflineEvaluation.Replay(ReadAsync("1 a", ClientEventKind.View).Result, new EvaluationOptions(), CancellationToken.None));
    }

    [Theory]
    [InlineData("a b\n\nc", "Line 3 ")]
    [InlineData("a b c d", "Line 1 ")]
    [InlineData("a b noon", "Line 1 ")]
    [InlineData("{\"type\":\"view\"}", "user_id")]
    [InlineData("{\"type\":\"look\",\"user_id\":\"u\",\"product_id\":\"p\",\"occurred_at\":\"2026-01-01T00:00:00Z\"}", "look")]
    [InlineData("{\"type\":\"view\",\"user_id\":\"u\",\"product_id\":\"p\",\"occurred_at\":\"noon\"}", "Line 1 ")]
    [InlineData("{\"type\":", "Line 1 ")]
    public async Task A_line_that_says_nothing_is_named(string text, string expected) =>
        (await Should.ThrowAsync<FormatException>(() => ReadAsync(text, ClientEventKind.Purchase))).Message.ShouldContain(expected);

    private static Task<InteractionLog> ReadAsync(string text, ClientEventKind kind) =>
        InteractionLog.ReadAsync(new StringReader(text), kind, CancellationToken.None);
}
