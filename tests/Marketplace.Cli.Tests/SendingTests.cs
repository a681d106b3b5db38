using Marketplace.Cli.Running;

namespace Marketplace.Cli.Tests;

/// <summary>What a sending does when the gateway falters.</summary>
public sealed class SendingTests
{
    private const string Problem = "application/problem+json";

    private static string Lines(int count) => string.Join('\n', Enumerable.Range(0, count).Select(n => $$"""{"product_id":"{{n}}"}"""));

    [Fact]
    public async Task After_503_it_waits_as_asked_and_goes_on_at_next_index()
    {
        // The first with more than one product: what has been read when a request begins is the scheduler's affair.
        var broken = -1;
        await using var gateway = await FakeGateway.StartAsync(async (context, number, lines) =>
        {
            if (broken < 0 && lines.Length >= 2)
            {
                broken = number;
                context.Response.Headers.RetryAfter = "1";
                await FakeGateway.AnswerAsync(context, 503, Problem, """{"status":503,"detail":"The disk is full.","accepted":1,"rejected":1,"next_index":2}""");
                return;
            }

            await FakeGateway.AcceptAsync(context, lines);
        });
        var started = TimeProvider.System.GetTimestamp();
        var result = await new CommandLine(gateway.Url).RunAsync(Lines(5), ["shop", "send", "-"]);
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
        result.Out.ShouldStartWith("Принято: 4 товара, отказано: 1");
        result.Error.ShouldContain("жду: шлюз ответил 503: The disk is full.");

        var requests = gateway.Requests.ToArray();
        requests.SelectMany((request, number) => number == broken ? request.Lines.Take(2) : request.Lines).ShouldBe(Lines(5).Split('\n'));
        requests.Select(request => request.Key).Distinct().Count().ShouldBe(requests.Length, "what is left of a segment is another write");
    }

    [Fact]
    public async Task After_a_broken_connection_the_same_write_is_sent_again()
    {
        await using var gateway = await FakeGateway.StartAsync(async (context, number, lines) =>
        {
            if (number == 1)
            {
                context.Abort();
                return;
            }

            await FakeGateway.AcceptAsync(context, lines);
        });
        var result = await new CommandLine(gateway.Url).RunAsync("shop", "send", "--sample", "--count", "12000", "--json");
        result.ExitCode.ShouldBe(ExitCode.Ok, result.Error);
        result.Json.GetProperty("accepted").GetInt64().ShouldBe(12_000);
        var requests = gateway.Requests.ToArray();
        requests[2].Key.ShouldBe(requests[1].Key);
        requests[2].Lines.ShouldBe(requests[1].Lines);
        requests.Where((_, n) => n != 1).Sum(request => request.Lines.Length).ShouldBe(12_000);
        requests.Max(request => request.Lines.Length).ShouldBeLessThanOrEqualTo(5_000);
    }

    [Fact]
    public async Task When_patience_ends_it_says_where_to_go_on()
    {
        await using var gateway = await FakeGateway.StartAsync((context, number, lines) => number == 0
            ? FakeGateway.AcceptAsync(context, lines[..1])
            : FakeGateway.AnswerAsync(context, 503, Problem, """{"status":503,"detail":"No."}"""));
        var result = await new CommandLine(gateway.Url).RunAsync("shop", "send", "--sample", "--count", "20000", "--retry-for", "0", "--json");
        result.ExitCode.ShouldBe(ExitCode.Unavailable);
        result.Error.ShouldContain("503: No.");
        result.Error.ShouldContain("продолжить: --from 1");
        result.Json.GetProperty("next_index").GetInt64().ShouldBe(1);
    }

    [Theory]
    [InlineData(200, "text/html", "<html>")]
    [InlineData(202, "application/json", "{}")]
    [InlineData(500, "text/plain", "oops")]
    [InlineData(302, "text/plain", "")]
    public async Task What_is_no_gateway_is_not_believed(int status, string type, string body)
    {
        await using var gateway = await FakeGateway.StartAsync((context, _, _) => FakeGateway.AnswerAsync(context, status, type, body));
        var result = await new CommandLine(gateway.Url).RunAsync("{}", ["shop", "send", "-"]);
        result.ExitCode.ShouldNotBe(ExitCode.Ok);
        result.Error.ShouldStartWith("ошибка: ");
        result.Error.Count(c => c == '\n').ShouldBe(1);
        (await new CommandLine(gateway.Url).RunAsync("client", "product", "1", "--json")).Out.ShouldNotContain("<html>");
    }

    [Fact]
    public async Task Stopped_it_waits_for_what_is_under_way()
    {
        using var stop = new CancellationTokenSource();
        await using var gateway = await FakeGateway.StartAsync(async (context, _, lines) =>
        {
            await stop.CancelAsync();
            await FakeGateway.AcceptAsync(context, lines);
        });
        var result = await new CommandLine(gateway.Url).RunAsync(Stream.Null, ["shop", "send", "--sample", "--count", "1000000", "--json"], stop.Token);
        result.ExitCode.ShouldBe(ExitCode.Interrupted);
        var sent = gateway.Requests.ToArray().Sum(request => request.Lines.Length);
        result.Error.ShouldBe($"ошибка: прервано; принято: {sent}, отказано: 0, продолжить: --from {sent}\n");
        result.Json.GetProperty("accepted").GetInt64().ShouldBe(sent);
    }
}
