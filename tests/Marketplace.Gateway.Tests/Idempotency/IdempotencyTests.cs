using System.Net;
using Marketplace.EventLog;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Idempotency;

public sealed class EmbeddedIdempotencyTests(EmbeddedGateway fixture) : IdempotencyTests(fixture), IClassFixture<EmbeddedGateway>;

public abstract class IdempotencyTests(GatewayFixture fixture)
{
    private readonly TestGateway _gateway = fixture.Gateway;

    public static TheoryData<string, string> Forms => new()
    {
        { Product("one"), Json },
        { $"[{Product("m1")},{Product("m2")}]", Json },
        { $$"""[{{Product("m3")}},{"product_id":"m4"}]""", Json },
        { $"{Product("n1")}\n{Product("n2")}\n", Ndjson },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task The_same_key_and_body_gets_the_first_answer_and_writes_nothing(string body, string type)
    {
        var key = $"same-{body.Length}-{type.Length}";
        using var first = await _gateway.Http.SendProductsAsync(body, type, key);
        ((int)first.StatusCode).ShouldBeInRange(202, 207);
        await _gateway.WritesNothingAsync(async () =>
        {
            using var again = await _gateway.Http.SendProductsAsync(body, type, key);
            again.StatusCode.ShouldBe(first.StatusCode);
            (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
            await _gateway.Http.SendProductsAsync(body + " ", type, key).ProblemAsync(HttpStatusCode.UnprocessableEntity);
            await _gateway.Http.SendAsync(Request(HttpMethod.Delete, "/shop/products/one", key: key)).ProblemAsync(HttpStatusCode.UnprocessableEntity);
        });
    }

    [Fact]
    public async Task Every_write_may_carry_a_key()
    {
        await FirstAnswerAgainAsync(HttpMethod.Put, "/banned/keyed", HttpStatusCode.Created, """{"reason":"x"}""");
        await FirstAnswerAgainAsync(HttpMethod.Delete, "/banned/keyed", HttpStatusCode.NoContent, null);
        await FirstAnswerAgainAsync(HttpMethod.Delete, "/shop/products/keyed", HttpStatusCode.NoContent, null);

        // A ban that was put under a key is in force, as any other.
        await _gateway.Http.SendAsync(Request(HttpMethod.Put, "/banned/keyed-2", key: "keyed-2")).JsonAsync(HttpStatusCode.Created);
        await _gateway.Http.GetAsync("/banned/keyed-2").JsonAsync();
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        await _gateway.Http.SendProductsAsync("{}", key: "refused").ProblemAsync(HttpStatusCode.BadRequest, "product_id", "name");
        await _gateway.Http.SendProductsAsync(Product("refused"), key: "refused").JsonAsync(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("ключ")]
    public async Task What_is_no_key_is_refused(string key) =>
        await _gateway.WritesNothingAsync(() => _gateway.Http.SendProductsAsync(Product("no-key"), key: key).ProblemAsync(HttpStatusCode.BadRequest));

    [Fact]
    public async Task A_key_may_have_255_characters()
    {
        await _gateway.Http.SendProductsAsync(Product("long-key"), key: new string('k', 255)).JsonAsync(HttpStatusCode.Accepted);
        await _gateway.WritesNothingAsync(() => _gateway.Http.SendProductsAsync(Product("long-key"), key: new string('k', 256)).ProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task On_a_stream_of_unknown_length_a_key_is_refused() => await _gateway.WritesNothingAsync(async () =>
    {
        using var content = new PushContent(Ndjson);
        await content.WriteAsync(Product("unsized"));
        await content.EndAsync();
        await _gateway.Http.SendAsync(Request(HttpMethod.Post, "/shop/products", content, "unsized")).ProblemAsync(HttpStatusCode.BadRequest);
    });

    [Fact]
    public async Task A_key_whose_first_request_is_under_way_is_409()
    {
        var writes = _gateway.Services.GetRequiredService<IdempotentWrites>();
        var record = new LogRecord { Key = "under-way"u8.ToArray(), Value = "{}"u8.ToArray() };
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var stop = TestContext.Current.CancellationToken;

        // The answer is made inside the commit: as long as it is not there, the request is under way.
        var first = Task.Run(() => writes.AnswerAsync(Keyed("under-way"), default, TopicNames.ClientEvents, new[] { record }, _ =>
        {
            entered.Set();
            release.Wait(stop);
            return Answer.NoContent;
        }));
        entered.Wait(Eventually.HangLimit, stop).ShouldBeTrue(first.Exception?.ToString());
        await _gateway.Http.SendProductsAsync(Product("under-way"), key: "under-way").ProblemAsync(HttpStatusCode.Conflict);
        release.Set();
        (await first).Status.ShouldBe(StatusCodes.Status204NoContent);
    }

    [Fact]
    public async Task A_key_is_known_for_24_hours_and_across_restarts()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await fixture.StartAsync(time);
        var first = (await gateway.Http.SendProductsAsync(Product("day"), key: "day").JsonAsync(HttpStatusCode.Accepted)).ToString();
        time.Advance(TimeSpan.FromHours(23.5));
        await gateway.RestartAsync();
        (await gateway.Http.SendProductsAsync(Product("day"), key: "day").JsonAsync(HttpStatusCode.Accepted)).ToString().ShouldBe(first);
        (await gateway.ReadAsync(TopicNames.ShopProducts)).Count.ShouldBe(1);

        time.Advance(TimeSpan.FromHours(1));
        (await gateway.Http.SendProductsAsync(Product("day"), key: "day").JsonAsync(HttpStatusCode.Accepted)).ToString().ShouldNotBe(first);
        (await gateway.ReadAsync(TopicNames.ShopProducts)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Of_many_at_once_under_one_key_one_is_written_and_the_others_get_its_answer_or_409()
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sending = Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            using var answer = await _gateway.Http.SendProductsAsync(Product("race"), key: "race");
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        })).ToList();
        start.SetResult();
        var answers = await Task.WhenAll(sending);
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.Accepted || a.StatusCode == HttpStatusCode.Conflict);
        answers.Where(a => a.StatusCode == HttpStatusCode.Accepted).Select(a => a.Item2).Distinct().Count().ShouldBe(1);
        (await _gateway.ReadAsync(TopicNames.ShopProducts)).Count(r => r.Key == "race").ShouldBe(1);
    }

    private static DefaultHttpContext Keyed(string key)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[IdempotentWrites.Header] = key;
        return context;
    }

    private async Task FirstAnswerAgainAsync(HttpMethod method, string path, HttpStatusCode status, string? body)
    {
        var key = $"{method}{path}";
        using var first = await _gateway.Http.SendAsync(Request(method, path, body is null ? null : Body(body), key));
        first.StatusCode.ShouldBe(status);
        await _gateway.WritesNothingAsync(async () =>
        {
            using var again = await _gateway.Http.SendAsync(Request(method, path, body is null ? null : Body(body), key));
            again.StatusCode.ShouldBe(status);
            again.Headers.Location.ShouldBe(first.Headers.Location);
            (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        });
    }
}
