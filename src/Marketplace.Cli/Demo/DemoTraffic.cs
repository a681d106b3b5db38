using System.Net.Http.Headers;
using System.Text;
using Marketplace.Cli.Gateway;

namespace Marketplace.Cli.Demo;

/// <summary>Everybody at once: shoppers at the pace asked for, their searches, moderators, and a look at how quickly lists follow.</summary>
internal sealed class DemoTraffic(GatewayClient gateway, TimeProvider time, DemoMarket market, DemoReport report, int users, int rate, int seed)
{
    private const int MaxInRequest = 2_000;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ModeratorPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FollowLimit = TimeSpan.FromSeconds(10);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private DemoShopper[] _shoppers = [];

    /// <param name="over">The demo's time is over: what has begun is still watched to its end.</param>
    /// <param name="cancellationToken">Somebody wants it to end now.</param>
    public async Task RunAsync(CancellationToken over, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        _shoppers = [.. Enumerable.Range(0, users).Select(n => new DemoShopper($"demo-{n}", _run, market, new Random(seed + n)))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(over, cancellationToken);
        Task[] all = [ShopAsync(random, stop.Token), SearchAsync(new Random(seed + 1), stop.Token), ModerateAsync(new Random(seed + 2), stop.Token), ProbeAsync(new Random(seed + 3), stop.Token, cancellationToken)];
        try
        {
            await await Task.WhenAny(all);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ShopAsync(Random random, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var sent = 0L;
        while (!stop.IsCancellationRequested)
        {
            var due = (long)(time.GetElapsedTime(started).TotalSeconds * rate) - sent;
            if (due <= 0)
            {
                await WaitAsync(Beat, stop);
                continue;
            }

            var lines = new StringBuilder();
            var count = (int)Math.Min(due, MaxInRequest);
            for (var i = 0; i < count; i++)
            {
                lines.Append(_shoppers[random.Next(_shoppers.Length)].Next(time.GetUtcNow())).Append('\n');
            }

            await PostAsync(lines.ToString(), "application/x-ndjson", CancellationToken.None);
            sent += count;
            report.Events += count;
            report.Elapsed = time.GetElapsedTime(started);
        }
    }

    private async Task SearchAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_shoppers[random.Next(_shoppers.Length)] is { Wish: { } wish } shopper)
            {
                (await gateway.GetAsync("/client/search".With(("q", wish), ("user_id", shopper.Id)), stop)).Expect();
                report.Searches++;
            }

            await WaitAsync(Beat, stop);
        }
    }

    private async Task ModerateAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await WaitAsync(ModeratorPause, stop);
            var product = market.Products[random.Next(market.Products.Count)];
            (await gateway.SendAsync(HttpMethod.Put, Route.Of($"/banned/{product.Id}"), null, stop)).Expect();
            report.Bans++;
            await WaitAsync(ModeratorPause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Also at the end no ban stays behind.
            (await gateway.SendAsync(HttpMethod.Delete, Route.Of($"/banned/{product.Id}"), null, CancellationToken.None)).Expect();
        }
    }

    /// <summary>
    /// Somebody new buys something; how long until their list follows, and is it another's? One that has begun is watched to its end,
    /// or the slow ones would be missing from the figures.
    /// </summary>
    private async Task ProbeAsync(Random random, CancellationToken stop, CancellationToken cancellationToken)
    {
        string[] other = [];
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            await WaitAsync(ProbePause, stop);
            var shopper = new DemoShopper($"demo-{_run}-{number}", _run, market, random);
            var before = await ListAsync(shopper, cancellationToken);
            var bought = market.Products[random.Next(market.Products.Count)];
            await PostAsync($"[{shopper.Write("view", bought, time.GetUtcNow())},{shopper.Write("purchase", bought, time.GetUtcNow())}]", "application/json", cancellationToken);
            var started = time.GetTimestamp();
            string[] after;
            do
            {
                after = await ListAsync(shopper, cancellationToken);
            }
            while (after.SequenceEqual(before) && time.GetElapsedTime(started) < FollowLimit);

            report.Follow(time.GetElapsedTime(started), other.Length == 0 ? null : after.Intersect(other).Count());
            other = after;
        }
    }

    private async Task<string[]> ListAsync(DemoShopper shopper, CancellationToken stop) =>
        [.. (await gateway.GetAsync(Route.Of($"/client/recommendations/{shopper.Id}"), stop)).Expect().Read(GatewayJson.Default.RecommendationPage).Items.Select(item => item.Product.GetProperty("product_id").GetString()!)];

    private async Task PostAsync(string body, string type, CancellationToken stop)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type));
        (await gateway.SendAsync(HttpMethod.Post, "/client/events", content, stop)).Expect();
    }

    private Task WaitAsync(TimeSpan pause, CancellationToken stop) => Task.Delay(pause, time, stop);
}
