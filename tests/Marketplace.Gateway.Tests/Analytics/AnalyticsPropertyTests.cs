using System.Text;
using Marketplace.Gateway.Analytics;
using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;
using Marketplace.Snapshots;

namespace Marketplace.Gateway.Tests.Analytics;

/// <summary>
/// Random events and searches in the order that the partitions of a log allow, with snapshots, and memory given back on the way:
/// every figure is what a scan over all of them says.
/// </summary>
public class AnalyticsPropertyTests
{
    private const uint Start = 1_750_000_000;
    private const int Partitions = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_figure_is_what_a_naive_scan_says(int seed)
    {
        var random = new Random(seed);
        var (events, searches) = Make(random, 3_000);
        var state = Replay(events, searches, random, out var gaveBack);
        gaveBack.ShouldBeTrue();
        var naive = new NaiveAnalytics(events, searches);
        var first = (int)(Start / 86_400);
        for (var round = 0; round < 12; round++)
        {
            var from = first + random.Next(-30, 50);
            Check(new AnalyticsReports(state), naive, round == 0 ? new DayRange(0, 40_000) : new DayRange(from, from + random.Next(1, 40)), $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void A_snapshot_and_the_rest_equal_a_state_that_was_never_interrupted()
    {
        var (events, searches) = Make(new Random(7), 2_000);
        var range = new DayRange(0, 40_000);
        var whole = new AnalyticsReports(Replay(events, searches, random: null, out _));
        var interrupted = new AnalyticsReports(Replay(events, searches, new Random(8), out _));
        Describe(interrupted.Summary(range)).ShouldBe(Describe(whole.Summary(range)));
        Describe(interrupted.TopProducts(range, ProductOrder.Revenue, Currency.Default, 1000)).ShouldBe(Describe(whole.TopProducts(range, ProductOrder.Revenue, Currency.Default, 1000)));
        Describe(interrupted.Searches(range, 1000)).ShouldBe(Describe(whole.Searches(range, 1000)));
        Describe(interrupted.Funnel(range, FunnelGrouping.Day, 1000)).ShouldBe(Describe(whole.Funnel(range, FunnelGrouping.Day, 1000)));
    }

    [Theory]
    [InlineData("2026-01-31", "2026-01-31", "2026-01-31", "2026-02-01")]
    [InlineData("2026-01-31T12:00:00Z", "2026-02-01T00:00:00Z", "2026-01-31", "2026-02-01")]
    [InlineData("2026-01-31T00:00:00+03:00", "2026-02-01T00:00:01Z", "2026-01-30", "2026-02-02")]
    [InlineData("2026-01-31T00:00:00 03:00", null, "2026-01-30", "2026-03-02")]
    [InlineData(null, "2026-02-28", "2026-01-30", "2026-03-01")]
    public void A_range_is_whole_days_that_hold_what_was_asked_for(string? from, string? to, string first, string end)
    {
        var range = DayRange.Parse(from, to, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        (range.From.ToString("yyyy-MM-dd"), range.To.ToString("yyyy-MM-dd")).ShouldBe((first, end));
    }

    private static void Check(AnalyticsReports reports, NaiveAnalytics naive, DayRange range, string where)
    {
        var summary = reports.Summary(range);
        new[] { summary.Events.View, summary.Events.AddToCart, summary.Events.RemoveFromCart, summary.Events.Purchase, summary.Events.Review }.ShouldBe(naive.Kinds(range), where);
        summary.Clients.ShouldBe(naive.Clients(range), where);
        summary.Revenue.ToDictionary(m => m.Currency, m => m.Amount).ShouldBe(naive.Revenue(range), ignoreOrder: true, where);
        summary.Reviews.Distribution.ShouldBe(naive.Ratings(range), where);
        summary.Days.Sum(d => d.Events.View).ShouldBe(summary.Events.View, where);
        summary.Units.ShouldBe(naive.In(range).Where(e => e.Kind == ClientEventKind.Purchase).Sum(e => Math.Max(1, e.Quantity)), where);

        var funnel = naive.Funnel(range);
        var byProduct = reports.Funnel(range, FunnelGrouping.Product, 1000);
        byProduct.Groups.ToDictionary(g => g.Key!, g => string.Join(',', g.Steps.Views, g.Steps.Carts, g.Steps.Purchases, g.Steps.Reviews))
            .ShouldBe(funnel.ToDictionary(f => f.Key, f => string.Join(',', f.Value)), ignoreOrder: true, where);
        var byCategory = reports.Funnel(range, FunnelGrouping.Category, 1000);
        byCategory.Groups.ToDictionary(g => g.Key ?? "", g => g.Steps.Views)
            .ShouldBe(funnel.GroupBy(f => CategoryOf(f.Key) ?? "").ToDictionary(g => g.Key, g => g.Sum(f => f.Value[0])), ignoreOrder: true, where);

        var top = reports.TopProducts(range, ProductOrder.Views, Currency.Default, 1000);
        var views = naive.In(range).Where(e => e.Kind == ClientEventKind.View).GroupBy(e => e.Product).ToDictionary(g => g.Key, g => g.LongCount());
        top.Items.ToDictionary(p => p.ProductId, p => p.Views).ShouldBe(views, ignoreOrder: true, where);
        var before = naive.In(range.Before).Where(e => e.Kind == ClientEventKind.View).GroupBy(e => e.Product).ToDictionary(g => g.Key, g => g.LongCount());
        top.Rising.ToDictionary(p => p.ProductId, p => p.Now - p.Before)
            .ShouldBe(views.Select(v => (v.Key, Gain: v.Value - before.GetValueOrDefault(v.Key))).Where(v => v.Gain > 0).ToDictionary(v => v.Key, v => v.Gain), ignoreOrder: true, where);

        // Where products are ordered by money, what rises is told by purchases: prices change, too.
        var byMoney = reports.TopProducts(range, ProductOrder.Revenue, Currency.Default, 1000);
        var (sold, soldBefore) = (Purchases(range), Purchases(range.Before));
        byMoney.Rising.ToDictionary(p => p.ProductId, p => p.Now - p.Before)
            .ShouldBe(sold.Select(s => (s.Key, Gain: s.Value - soldBefore.GetValueOrDefault(s.Key))).Where(s => s.Gain > 0).ToDictionary(s => s.Key, s => s.Gain), ignoreOrder: true, where);
        var bought = naive.In(range).Where(e => e.Kind == ClientEventKind.Purchase).Select(e => e.Product).ToHashSet();
        top.NeverBought.Select(p => p.ProductId).ShouldBe(views.Keys.Where(p => !bought.Contains(p)), ignoreOrder: true, where);
        top.BoughtTogether.ToDictionary(p => (p.Products[0], p.Products[1]), p => p.Clients).ShouldBe(naive.Together(range), ignoreOrder: true, where);

        var searched = naive.Searches(range);
        reports.Searches(range, 1000).Top.ToDictionary(s => s.Query, s => (s.Total, s.Empty, s.WithoutClick)).ShouldBe(searched, ignoreOrder: true, where);
        (summary.Searches.Total, summary.Searches.WithoutClick).ShouldBe((searched.Values.Sum(s => s.Total), searched.Values.Sum(s => s.WithoutClick)), where);
        if (range.First == 0)
        {
            summary.Retention.ToDictionary(c => c.Week.DayNumber - new DateOnly(1970, 1, 1).DayNumber, c => string.Join(',', c.Active))
                .ShouldBe(naive.Retention().ToDictionary(c => (int)c.Key * 7, c => string.Join(',', c.Value)), ignoreOrder: true, where);
        }

        Dictionary<string, long> Purchases(DayRange days) =>
            naive.In(days).Where(e => e.Kind == ClientEventKind.Purchase).GroupBy(e => e.Product).ToDictionary(g => g.Key, g => g.LongCount());
    }

    private static (List<TestEvent> Events, List<TestSearch> Searches) Make(Random random, int count)
    {
        var events = new List<TestEvent>();
        var searches = new List<TestSearch>();
        for (var i = 0; i < count; i++)
        {
            var received = Start + (uint)(i * 1_500) + (uint)random.Next(1_000);
            if (random.Next(5) == 0)
            {
                // Some are written twice, some name a time that is yet to come.
                var number = random.Next(10) == 0 && searches.Count > 0 ? searches[^1].Query : i;
                searches.Add(number == i
                    ? new TestSearch(i, $"слово {random.Next(8)}", random.Next(3), received - (uint)random.Next(50) + (uint)random.Next(60), received)
                    : searches[^1] with { Received = received });
                continue;
            }

            var late = random.Next(12) == 0 ? random.Next(20 * 86_400) : random.Next(60);
            var isUser = random.Next(4) != 0;
            var query = random.Next(3) == 0 && searches.Count > 0 ? searches[Math.Max(0, searches.Count - 1 - random.Next(25))].Query : random.Next(40) == 0 ? i + random.Next(20) : (int?)null;
            events.Add(new TestEvent(
                (ClientEventKind)random.Next(5),
                $"c{random.Next(9)}",
                isUser,
                $"p{random.Next(7)}",
                received - (uint)late,
                received,
                random.Next(4),
                random.Next(6),
                random.Next(3) == 0 ? null : random.Next(1, 10_000) / 100m,
                random.Next(2) == 0 ? "RUB" : "USD",
                query));
        }

        return (events, searches);
    }

    private static string? CategoryOf(string product) => product switch { "p0" or "p1" => "Часы", "p2" or "p3" => "Книги", _ => null };

    /// <param name="random">Null: straight through; otherwise with partitions ahead of each other, snapshots, and memory given back.</param>
    private static AnalyticsState Replay(List<TestEvent> events, List<TestSearch> searches, Random? random, out bool gaveBack)
    {
        gaveBack = false;
        var state = new AnalyticsState();
        var queues = Enumerable.Range(0, Partitions + 1).Select(_ => new Queue<(uint Received, Action<AnalyticsState> Apply)>()).ToArray();
        foreach (var e in events)
        {
            // A client's events stand in one partition, in their order.
            var partition = (e.Client[1] + (e.IsUser ? 1 : 0)) % Partitions;
            queues[partition].Enqueue((e.Received, s => s.Count(ToEvent(s, e))));
        }

        foreach (var search in searches)
        {
            queues[Partitions].Enqueue((search.Received, s => s.CountSearch(HashOf(search.Query), Encoding.UTF8.GetBytes(search.Text), search.Total, search.At, search.Received)));
        }

        foreach (var product in Enumerable.Range(0, 7).Select(n => $"p{n}"))
        {
            state.Describe(product, CategoryOf(product), $"магазин {product}");
        }

        while (queues.Any(q => q.Count > 0))
        {
            var left = queues.Where(q => q.Count > 0).ToArray();
            var queue = random is null ? left.MinBy(q => q.Peek().Received)! : left[random.Next(left.Length)];
            for (var n = random?.Next(1, 40) ?? 1; n > 0 && queue.TryDequeue(out var next); n--)
            {
                next.Apply(state);
            }

            if (random?.Next(10) == 0)
            {
                var before = state.OpenEntries;
                state.Forget(queues.Where(q => q.Count > 0).Select(q => q.Peek().Received).DefaultIfEmpty(0u).Min());
                gaveBack |= state.OpenEntries < before;
            }

            if (random?.Next(15) == 0)
            {
                using var stream = new MemoryStream();
                var writer = new SnapshotWriter(stream);
                state.Save(writer);
                writer.Complete();
                stream.Position = 0;
                var reader = new SnapshotReader(stream);
                state = AnalyticsState.Load(reader);
                reader.Complete();
            }
        }

        return state;
    }

    private static AnalyticsEvent ToEvent(AnalyticsState state, TestEvent e)
    {
        var client = state.ClientOf(new ParsedEvent { UserId = e.IsUser ? Encoding.UTF8.GetBytes(e.Client) : default, SessionId = Encoding.UTF8.GetBytes(e.Client) });
        return new AnalyticsEvent(
            e.Kind, client, state.Products.FindOrAdd(Encoding.UTF8.GetBytes(e.Product)), e.At, e.Received, e.Quantity, e.Rating, e.Price,
            Currency.Of(Encoding.ASCII.GetBytes(e.Currency)), e.Query is { } query ? HashOf(query) : 0);
    }

    private static UInt128 HashOf(int query) => (UInt128)(ulong)(query + 1) * 0x9e3779b97f4a7c15;

    private static string Describe<T>(T answer) => System.Text.Json.JsonSerializer.Serialize(answer);
}
