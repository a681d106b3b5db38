using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Testing;

namespace Marketplace.Gateway.Tests.Client;

/// <summary>What clients do, against a gateway of its own.</summary>
public sealed class ClientEventsTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("marketplace-events-").FullName;
    private readonly int _port = Ports.Free();
    private GatewayProcess _gateway = null!;
    private HttpClient _http = null!;
    private int _events;

    public async ValueTask InitializeAsync()
    {
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_port}"), Timeout = Eventually.HangLimit };
        await StartAsync();
    }

    [Fact]
    public async Task One_an_array_and_lines_are_answered_like_products_and_a_repetition_as_a_duplicate()
    {
        var one = Event("e1", "view", "u1", "p1");
        var first = await PostAsync(one);
        first.Status.ShouldBe(HttpStatusCode.Accepted);
        first.Body.GetProperty("event_id").GetString().ShouldBe("e1");
        var again = await PostAsync(one);
        (again.Status, again.Body.GetProperty("status").GetString(), again.Body.GetProperty("offset").GetInt64())
            .ShouldBe((HttpStatusCode.Accepted, "duplicate", first.Body.GetProperty("offset").GetInt64()));

        var many = await PostAsync($"[{one},{Event("e2", "view", "u1", "p2")},{Event("e2", "view", "u1", "p2")},{{\"type\":\"look\"}}]");
        many.Status.ShouldBe(HttpStatusCode.MultiStatus);
        (many.Body.GetProperty("accepted").GetInt32(), many.Body.GetProperty("duplicates").GetInt32(), many.Body.GetProperty("rejected").GetInt32()).ShouldBe((1, 2, 1));
        many.Body.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("status").GetString()).ShouldBe(["duplicate", "accepted", "duplicate", "rejected"]);
        many.Body.GetProperty("results")[3].GetProperty("errors").TryGetProperty("event_id", out _).ShouldBeTrue();

        var lines = await PostAsync(string.Join('\n', one, Event("e3", "purchase", "u1", "p2"), ""), "application/x-ndjson");
        (lines.Status, lines.Body.GetProperty("accepted").GetInt32(), lines.Body.GetProperty("duplicates").GetInt32()).ShouldBe((HttpStatusCode.Accepted, 1, 1));

        (await PostAsync("[{}]")).Status.ShouldBe(HttpStatusCode.BadRequest);
        var invalid = await PostAsync("{}");
        invalid.Status.ShouldBe(HttpStatusCode.BadRequest);
        invalid.Body.GetProperty("errors").TryGetProperty("occurred_at", out _).ShouldBeTrue();
        (await PostAsync(one, "text/plain")).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);

        await UntilAsync("/analytics/summary", s => s.GetProperty("events").GetProperty("view").GetInt32() == 2 && s.GetProperty("events").GetProperty("purchase").GetInt32() == 1);

        // Killed right after the answers: what was answered is known.
        await _gateway.KillAsync();
        await StartAsync();
        (await PostAsync(one)).Body.GetProperty("status").GetString().ShouldBe("duplicate");
        var summary = await GetAsync("/analytics/summary");
        summary.GetProperty("events").GetProperty("view").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task The_same_idempotency_key_gets_the_first_answer_and_not_that_of_a_duplicate()
    {
        var (view, answers) = (Event("keyed", "view", "u1", "p1"), new List<string>());
        for (var n = 0; n < 2; n++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/client/events") { Content = new StringContent(view, Encoding.UTF8, "application/json") };
            request.Headers.Add("Idempotency-Key", "key-1");
            using var answer = await _http.SendAsync(request);
            answers.Add(await answer.Content.ReadAsStringAsync());
        }

        answers[0].ShouldContain("accepted");
        answers[1].ShouldBe(answers[0]);
    }

    [Theory]
    [InlineData("to=9999-12-31", "to")]
    [InlineData("to=0001-01-01", "to")]
    [InlineData("from=0001-01-01T00:00:00Z", "from")]
    public async Task A_range_beyond_what_can_be_counted_is_refused_and_named(string range, string parameter)
    {
        foreach (var route in (string[])["summary", "funnel", "top-products", "searches"])
        {
            await _http.GetAsync($"/analytics/{route}?{range}").ProblemAsync(HttpStatusCode.BadRequest, parameter);
        }
    }

    [Fact]
    public async Task The_same_event_sent_many_times_at_once_is_taken_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var json = Event($"race{round}", "view", "u1", "p1");
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => n % 2 == 0 ? PostAsync(json) : PostAsync($"[{json}]")));
            answers.Count(a => Status(a.Body) == "accepted").ShouldBe(1);
            answers.Count(a => Status(a.Body) == "duplicate").ShouldBe(15);
        }

        static string? Status(JsonElement body) => body.TryGetProperty("results", out var results) ? results[0].GetProperty("status").GetString() : body.GetProperty("status").GetString();
    }

    [Fact]
    public async Task Late_events_count_for_their_own_day_and_those_from_the_future_for_the_day_they_came()
    {
        var now = TimeProvider.System.GetUtcNow();
        await PostAsync(Event("late", "view", "u1", "p1", "2020-02-03T10:00:00Z"));
        await PostAsync(Event("future", "view", "u2", "p1", now.AddYears(3).ToString("O")));
        await UntilAsync("/analytics/summary?from=2020-02-03&to=2020-02-03", s => s.GetProperty("events").GetProperty("view").GetInt32() == 1);
        await UntilAsync("/analytics/summary", s => s.GetProperty("events").GetProperty("view").GetInt32() == 1);
        (await GetAsync($"/analytics/summary?from={now.AddYears(2):yyyy-MM-dd}&to={now.AddYears(4):yyyy-MM-dd}")).GetProperty("events").GetProperty("view").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Lists_follow_events_differ_between_users_and_lose_what_is_banned_withdrawn_or_sold_out()
    {
        await SellAsync(Enumerable.Range(0, 40).Select(n => Product($"p{n}", 5)));

        // Two tastes: whoever buys an even product buys even ones.
        var crowd = Enumerable.Range(0, 30).SelectMany(u => Enumerable.Range(0, 8).Select(n => Event(NextId(), "purchase", $"crowd{u}", $"p{(2 * ((u + n) % 20)) + (u % 2)}")));
        (await PostAsync($"[{string.Join(',', crowd)}]")).Status.ShouldBe(HttpStatusCode.Accepted);
        await PostAsync($"[{Event(NextId(), "purchase", "anna", "p0")},{Event(NextId(), "purchase", "boris", "p1")}]");
        await UntilAsync("/client/recommendations/anna", list => Ids(list).Count == 10 && Reason(list, 0) == "bought_together:p0");
        await UntilAsync("/client/recommendations/boris", list => Ids(list).Count == 10 && Reason(list, 0) == "bought_together:p1");
        var anna = Ids(await GetAsync("/client/recommendations/anna"));
        var boris = Ids(await GetAsync("/client/recommendations/boris"));
        anna.Take(5).ShouldAllBe(id => Number(id) % 2 == 0);
        boris.Take(5).ShouldAllBe(id => Number(id) % 2 == 1);
        anna.ShouldNotContain("p0");

        var banned = anna[0];
        (await _http.PutAsync($"/banned/{banned}", null)).EnsureSuccessStatusCode();
        (await _http.DeleteAsync($"/shop/products/{anna[1]}")).EnsureSuccessStatusCode();
        await SellAsync([Product(anna[2], 0)]);
        await UntilAsync("/client/recommendations/anna", list => !Ids(list).Intersect(anna.Take(3)).Any());
        await UntilAsync("/client/products/p4/similar", list => !Ids(list).Intersect(anna.Take(3)).Any(), allowNotFound: true);

        // A user whose whole history is banned still gets a list, without it.
        (await _http.PutAsync("/banned/p1", null)).EnsureSuccessStatusCode();
        await UntilAsync("/client/recommendations/boris", list => Ids(list).Count > 0 && !Ids(list).Contains("p1") && !list.ToString().Contains("\"p1\""));

        // A new taste shows at once.
        await PostAsync($"[{string.Join(',', Enumerable.Range(0, 4).Select(n => Event(NextId(), "purchase", "anna", $"p{(2 * n) + 21}")))}]");
        await UntilAsync("/client/recommendations/anna", list => Ids(list).Any(id => Number(id) % 2 == 1));
    }

    [Fact]
    public async Task Searches_are_noted_and_clicks_are_told_apart()
    {
        await SellAsync([Product("p1", 3)]);
        await UntilAsync("/client/search?q=Товар", s => s.GetProperty("total").GetInt32() == 1);
        var found = await GetAsync("/client/search?q=%20ТОВАР%20&user_id=u1");
        await GetAsync("/client/search?q=нетничего");
        await PostAsync(Event(NextId(), "view", "u1", "p1", query: found.GetProperty("query_id").GetString()));
        await UntilAsync("/analytics/searches", s =>
            s.GetProperty("empty").EnumerateArray().Any(e => e.GetProperty("query").GetString() == "нетничего")
            && s.GetProperty("top").EnumerateArray().Any(e => e.GetProperty("query").GetString() == "товар" && e.GetProperty("total").GetInt32() - e.GetProperty("without_click").GetInt32() == 1));
    }

    public async ValueTask DisposeAsync()
    {
        _gateway.Dispose();
        _http.Dispose();
        await Task.CompletedTask;
        Directory.Delete(_data, recursive: true);
    }

    private async Task StartAsync()
    {
        _gateway = GatewayProcess.Start(_data, _port, "--Logging:LogLevel:Default=Warning");
        await _gateway.WaitUntilReadyAsync(_http, Eventually.HangLimit, CancellationToken.None);
    }

    private string NextId() => $"n{Interlocked.Increment(ref _events)}";

    private static int Number(string id) => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture);

    private static List<string> Ids(JsonElement list) => [.. list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("product").GetProperty("product_id").GetString()!)];

    private static string Reason(JsonElement list, int index)
    {
        var reason = list.GetProperty("items")[index].GetProperty("reason");
        return $"{reason.GetProperty("kind").GetString()}:{string.Join(',', reason.GetProperty("because").EnumerateArray().Select(b => b.GetString()))}";
    }

    private static string Event(string id, string type, string user, string product, string? at = null, string? query = null) =>
        $"{{\"event_id\":\"{id}\",\"type\":\"{type}\",\"user_id\":\"{user}\",\"product_id\":\"{product}\",\"occurred_at\":\"{at ?? TimeProvider.System.GetUtcNow().ToString("O")}\"{(query is null ? "" : $",\"query_id\":\"{query}\"")}}}";

    private static string Product(string id, int available) => $$$"""{"product_id":"{{{id}}}","name":"Товар {{{id}}}","brand":"b{{{id}}}","stock":{"available":{{{available}}}}}""";

    private async Task SellAsync(IEnumerable<string> products) =>
        (await _http.PostAsync("/shop/products", new StringContent($"[{string.Join(',', products)}]", Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string body, string type = "application/json")
    {
        using var answer = await _http.PostAsync("/client/events", new StringContent(body, Encoding.UTF8, type));
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path);

    private async Task UntilAsync(string path, Func<JsonElement, bool> condition, bool allowNotFound = false)
    {
        using var limit = new CancellationTokenSource(Eventually.HangLimit);
        while (true)
        {
            using var answer = await _http.GetAsync(path, CancellationToken.None);
            if ((allowNotFound && answer.StatusCode == HttpStatusCode.NotFound) || (answer.IsSuccessStatusCode && condition(await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None))))
            {
                return;
            }

            limit.IsCancellationRequested.ShouldBeFalse($"{path}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
            await Task.Delay(10, CancellationToken.None);
        }
    }
}
