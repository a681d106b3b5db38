using Marketplace.Gateway.Analytics;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Tests.Analytics;

/// <summary>An event as the test made it; the list stands in the log's order.</summary>
internal sealed record TestEvent(
    ClientEventKind Kind, string Client, bool IsUser, string Product, uint At, uint Received, int Quantity, int Rating, decimal? Price, string Currency, int? Query)
{
    public int Day => (int)(At / 86_400);
}

internal sealed record TestSearch(int Query, string Text, long Total, uint At, uint Received);

/// <summary>The same figures by scans over all events, with no state kept between two of them.</summary>
internal sealed class NaiveAnalytics(IReadOnlyList<TestEvent> events, IReadOnlyList<TestSearch> searches)
{
    private const long Day = 86_400;

    public IReadOnlyList<TestEvent> In(DayRange range) => [.. events.Where(e => e.Day >= range.First && e.Day < range.End)];

    public long[] Kinds(DayRange range) => [.. Enum.GetValues<ClientEventKind>().Select(kind => In(range).LongCount(e => e.Kind == kind))];

    public long Clients(DayRange range) => In(range).Select(e => (e.Client, e.IsUser)).Distinct().LongCount();

    public Dictionary<string, decimal> Revenue(DayRange range) =>
        In(range).Where(e => e is { Kind: ClientEventKind.Purchase, Price: not null }).GroupBy(e => e.Currency).ToDictionary(g => g.Key, g => g.Sum(e => e.Price!.Value * Math.Max(1, e.Quantity)));

    public long[] Ratings(DayRange range) => [.. Enumerable.Range(1, 5).Select(r => In(range).LongCount(e => e.Kind == ClientEventKind.Review && e.Rating == r))];

    /// <summary>By product: how many entries came at least so far.</summary>
    public Dictionary<string, long[]> Funnel(DayRange range)
    {
        var steps = new Dictionary<string, long[]>();
        foreach (var pair in events.GroupBy(e => (e.Client, e.IsUser, e.Product)))
        {
            var all = pair.ToList();
            for (var at = all.FindIndex(e => e.Kind == ClientEventKind.View); at >= 0;)
            {
                var view = all[at];
                var next = all.FindIndex(at + 1, e => e.Kind == ClientEventKind.View && !IsWithin(view, e));
                var own = all.GetRange(at + 1, (next < 0 ? all.Count : next) - at - 1).Where(e => IsWithin(view, e)).ToList();
                var cart = own.FindIndex(e => e.Kind == ClientEventKind.AddToCart);
                var purchase = cart < 0 ? -1 : own.FindIndex(cart, e => e.Kind == ClientEventKind.Purchase);
                var review = purchase < 0 ? -1 : own.FindIndex(purchase, e => e.Kind == ClientEventKind.Review);
                if (view.Day >= range.First && view.Day < range.End)
                {
                    var counts = steps.TryGetValue(view.Product, out var known) ? known : steps[view.Product] = new long[4];
                    counts[0]++;
                    counts[1] += cart < 0 ? 0 : 1;
                    counts[2] += purchase < 0 ? 0 : 1;
                    counts[3] += review < 0 ? 0 : 1;
                }

                at = next;
            }
        }

        return steps;

        static bool IsWithin(TestEvent view, TestEvent e) => e.At >= view.At && e.At - view.At <= 7 * Day && e.Received - view.Received <= 14 * Day;
    }

    public Dictionary<(string, string), long> Together(DayRange range)
    {
        var pairs = new Dictionary<(string, string), long>();
        foreach (var client in events.Where(e => e.Kind == ClientEventKind.Purchase).GroupBy(e => (e.Client, e.IsUser)))
        {
            var all = client.ToList();
            for (var i = 0; i < all.Count; i++)
            {
                var near = all.Take(i).TakeLast(10).Where(e => Math.Abs((long)e.At - all[i].At) <= Day && all[i].Received - e.Received <= 7 * Day).Select(e => e.Product).ToHashSet();
                if (!near.Contains(all[i].Product) && all[i].Day >= range.First && all[i].Day < range.End)
                {
                    foreach (var other in near)
                    {
                        var key = string.CompareOrdinal(other, all[i].Product) < 0 ? (other, all[i].Product) : (all[i].Product, other);
                        pairs[key] = pairs.GetValueOrDefault(key) + 1;
                    }
                }
            }
        }

        return pairs;
    }

    /// <summary>By text: all, those that found nothing, those without a click.</summary>
    public Dictionary<string, (long Total, long Empty, long WithoutClick)> Searches(DayRange range) =>
        searches.GroupBy(s => s.Query).Select(g => g.First())
            .Where(s => Math.Min(s.At, s.Received) / Day >= range.First && Math.Min(s.At, s.Received) / Day < range.End)
            .GroupBy(s => s.Text)
            .ToDictionary(g => g.Key, g => (
                g.LongCount(),
                g.LongCount(s => s.Total == 0),
                g.LongCount(s => !events.Any(e => e.Query == s.Query && Math.Abs((long)e.Received - s.Received) <= Day))));

    /// <summary>By the first day of the cohort's week: users active so many weeks later.</summary>
    public Dictionary<long, long[]> Retention()
    {
        var last = events.Concat([]).Select(e => e.Day / 7).Append((int)(searches.Select(s => Math.Min(s.At, s.Received) / Day).DefaultIfEmpty(0).Max() / 7)).Max();
        return events.Where(e => e.IsUser).GroupBy(e => e.Client).Select(g => g.Select(e => e.Day / 7).Distinct().ToArray())
            .GroupBy(weeks => weeks.Min())
            .ToDictionary(g => (long)g.Key, g => Enumerable.Range(0, Math.Min(64, last - g.Key + 1)).Select(later => g.LongCount(weeks => weeks.Contains(g.Key + later))).ToArray());
    }
}
