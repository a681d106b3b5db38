using System.Globalization;
using System.Runtime.InteropServices;
using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Analytics;

/// <summary>Answers from the counts of a range of days.</summary>
internal sealed class AnalyticsReports(AnalyticsState state)
{
    public SummaryAnswer Summary(DayRange range)
    {
        var days = Days(range).ToList();
        var all = SumOf(days.SelectMany(d => d.Table.Products.Values));
        var ratings = Counts(all.Ratings);
        var rated = ratings.Sum();
        return new SummaryAnswer(
            range.From,
            range.To,
            EventsOf(all),
            days.SelectMany(d => d.Table.Clients.Keys).Distinct().LongCount(),
            all.Units,
            Money(days.SelectMany(d => d.Table.Revenue)),
            Conversion(StepsOf(all)),
            new ReviewsAnswer(rated, MeanOf(ratings), ratings),
            Totals(SumOf(days.SelectMany(d => d.Table.Searches.Values))),
            [.. days.Select(d => new DayAnswer(Date(d.Day), EventsOf(SumOf(d.Table.Products.Values)), d.Table.Clients.Count, Money(d.Table.Revenue)))],
            Retention(range));
    }

    public FunnelAnswer Funnel(DayRange range, FunnelGrouping by, int limit)
    {
        var groups = new Dictionary<string, ProductSums>();
        var all = default(ProductSums);
        foreach (var (day, table) in Days(range))
        {
            foreach (var (product, counts) in table.Products)
            {
                all.Add(counts);
                CollectionsMarshal.GetValueRefOrAddDefault(groups, KeyOf(by, day, product) ?? "", out _).Add(counts);
            }
        }

        var steps = groups.Select(g => (g.Key, Steps: StepsOf(g.Value))).Where(g => g.Steps.Views > 0);
        var ordered = by == FunnelGrouping.Day
            ? steps.OrderBy(g => g.Key, StringComparer.Ordinal)
            : steps.OrderByDescending(g => g.Steps.Views).ThenBy(g => g.Key, StringComparer.Ordinal);
        return new FunnelAnswer(
            range.From,
            range.To,
            (int)(Analytics.Funnel.Window / TimeSpan.SecondsPerDay),
            StepsOf(all),
            by.ToString().ToLowerInvariant(),
            [.. ordered.Take(limit).Select(g => new FunnelGroup(g.Key.Length == 0 ? null : g.Key, g.Steps, Conversion(g.Steps)))]);
    }

    /// <param name="currency">Of the revenue that products are ordered by.</param>
    public TopProductsAnswer TopProducts(DayRange range, ProductOrder by, Currency currency, int limit)
    {
        var products = ByProduct(range);
        var revenue = new Dictionary<ProductCurrency, decimal>();
        var together = new Dictionary<ProductPair, long>();
        foreach (var (_, table) in Days(range))
        {
            foreach (var (key, amount) in table.Revenue)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(revenue, key, out _) += amount;
            }

            foreach (var (pair, count) in table.Together)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(together, pair, out _) += count;
            }
        }

        var currencies = revenue.Keys.ToLookup(key => key.Product);
        var before = ByProduct(range.Before);
        return new TopProductsAnswer(
            range.From,
            range.To,
            by.ToString().ToLowerInvariant(),
            Top(products, p => ValueOf(p.Key, p.Value)),
            [
                .. products.Select(p => (p.Key, Now: CountOf(p.Value), Before: before.TryGetValue(p.Key, out var old) ? CountOf(old) : 0))
                    .Where(p => p.Now > p.Before)
                    .OrderByDescending(p => p.Now - p.Before).ThenBy(p => state.Products.TextOf(p.Key), StringComparer.Ordinal).Take(limit)
                    .Select(p => new RisingProduct(state.Products.TextOf(p.Key), (long)p.Now, (long)p.Before)),
            ],
            Top(products.Where(p => p.Value.Kinds[(int)ClientEventKind.Purchase] == 0), p => p.Value.Kinds[(int)ClientEventKind.View]),
            [
                .. together.Select(t => (Products: new[] { state.Products.TextOf(t.Key.First), state.Products.TextOf(t.Key.Second) }.Order(StringComparer.Ordinal).ToArray(), Count: t.Value))
                    .OrderByDescending(t => t.Count).ThenBy(t => t.Products[0], StringComparer.Ordinal).ThenBy(t => t.Products[1], StringComparer.Ordinal)
                    .Take(limit).Select(t => new BoughtTogether(t.Products, t.Count)),
            ]);

        ProductFigures[] Top(IEnumerable<KeyValuePair<int, ProductSums>> from, Func<KeyValuePair<int, ProductSums>, decimal> value) =>
        [
            .. from.Select(p => (p.Key, p.Value, Worth: value(p))).Where(p => p.Worth > 0)
                .OrderByDescending(p => p.Worth).ThenBy(p => state.Products.TextOf(p.Key), StringComparer.Ordinal)
                .Take(limit).Select(p => Figures(p.Key, p.Value)),
        ];

        decimal ValueOf(int product, in ProductSums counts) =>
            by == ProductOrder.Revenue ? revenue.GetValueOrDefault(new ProductCurrency(product, currency)) : CountOf(counts);

        // What rises is judged by purchases where products are ordered by money: prices change, too.
        decimal CountOf(in ProductSums counts) => by switch
        {
            ProductOrder.Views => counts.Kinds[(int)ClientEventKind.View],
            ProductOrder.Carts => counts.Kinds[(int)ClientEventKind.AddToCart],
            ProductOrder.Units => counts.Units,
            _ => counts.Kinds[(int)ClientEventKind.Purchase],
        };

        ProductFigures Figures(int product, in ProductSums counts)
        {
            var ratings = Counts(counts.Ratings);
            return new ProductFigures(
                state.Products.TextOf(product),
                counts.Kinds[(int)ClientEventKind.View],
                counts.Kinds[(int)ClientEventKind.AddToCart],
                counts.Kinds[(int)ClientEventKind.Purchase],
                counts.Units,
                Money(currencies[product].Select(key => KeyValuePair.Create(key, revenue[key]))),
                counts.Kinds[(int)ClientEventKind.Review],
                MeanOf(ratings));
        }
    }

    public SearchesAnswer Searches(DayRange range, int limit)
    {
        var texts = new Dictionary<int, SearchSums>();
        var all = default(SearchSums);
        foreach (var (_, table) in Days(range))
        {
            foreach (var (text, counts) in table.Searches)
            {
                all.Add(counts);
                CollectionsMarshal.GetValueRefOrAddDefault(texts, text, out _).Add(counts);
            }
        }

        return new SearchesAnswer(range.From, range.To, Totals(all), Top(c => c.Total), Top(c => c.Empty), Top(c => c.WithoutClick));

        SearchFigures[] Top(Func<SearchSums, long> value) =>
        [
            .. texts.Where(t => t.Key >= 0 && value(t.Value) > 0)
                .OrderByDescending(t => value(t.Value)).ThenBy(t => state.Texts.TextOf(t.Key), StringComparer.Ordinal)
                .Take(limit).Select(t => new SearchFigures(state.Texts.TextOf(t.Key), t.Value.Total, t.Value.Empty, t.Value.WithoutClick)),
        ];
    }

    private List<CohortAnswer> Retention(DayRange range)
    {
        var cohorts = new SortedDictionary<int, long[]>();
        var lastWeek = state.Days.Count == 0 ? 0 : state.Days.Keys.Last() / ActiveWeeks.DaysPerWeek;
        for (var client = 0; client < state.Clients.Count; client++)
        {
            var weeks = state.Weeks.Read(client);
            if (weeks.IsEmpty || (weeks.First + 1) * ActiveWeeks.DaysPerWeek <= range.First || weeks.First * ActiveWeeks.DaysPerWeek >= range.End)
            {
                continue;
            }

            if (!cohorts.TryGetValue(weeks.First, out var active))
            {
                cohorts.Add(weeks.First, active = new long[Math.Min(ActiveWeeks.Followed, lastWeek - weeks.First + 1)]);
            }

            for (var later = 0; later < active.Length; later++)
            {
                active[later] += weeks.IsActive(later) ? 1 : 0;
            }
        }

        return [.. cohorts.Select(c => new CohortAnswer(Date(c.Key * ActiveWeeks.DaysPerWeek), c.Value[0], c.Value))];
    }

    private IEnumerable<(int Day, DayTable Table)> Days(DayRange range) =>
        state.Days.Where(d => d.Key >= range.First && d.Key < range.End).Select(d => (d.Key, d.Value));

    private Dictionary<int, ProductSums> ByProduct(DayRange range)
    {
        var products = new Dictionary<int, ProductSums>();
        foreach (var (_, table) in Days(range))
        {
            foreach (var (product, counts) in table.Products)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(products, product, out _).Add(counts);
            }
        }

        return products;
    }

    private string? KeyOf(FunnelGrouping by, int day, int product) => by switch
    {
        FunnelGrouping.Day => Date(day).ToString("O", CultureInfo.InvariantCulture),
        FunnelGrouping.Category => NameOf(state.Categories.Read(product)),
        FunnelGrouping.Store => NameOf(state.Stores.Read(product)),
        _ => state.Products.TextOf(product),
    };

    private string? NameOf(int number) => number == 0 ? null : state.Names.TextOf(number - 1);

    private static ProductSums SumOf(IEnumerable<ProductCounts> counts)
    {
        var sum = default(ProductSums);
        foreach (var one in counts)
        {
            sum.Add(one);
        }

        return sum;
    }

    private static SearchSums SumOf(IEnumerable<SearchCounts> counts)
    {
        var sum = default(SearchSums);
        foreach (var one in counts)
        {
            sum.Add(one);
        }

        return sum;
    }

    private static SearchTotals Totals(in SearchSums sum) => new(sum.Total, sum.Empty, sum.WithoutClick);

    private static MoneyAnswer[] Money(IEnumerable<KeyValuePair<ProductCurrency, decimal>> revenue) =>
        [.. revenue.GroupBy(r => r.Key.Currency).Select(g => new MoneyAnswer(g.Key.ToString(), g.Sum(r => r.Value))).OrderBy(m => m.Currency, StringComparer.Ordinal)];

    private static EventCounts EventsOf(in ProductSums counts) =>
        new(counts.Kinds[0], counts.Kinds[1], counts.Kinds[2], counts.Kinds[3], counts.Kinds[4]);

    private static FunnelSteps StepsOf(in ProductSums counts) => new(counts.Funnel[0], counts.Funnel[1], counts.Funnel[2], counts.Funnel[3]);

    private static ConversionAnswer Conversion(FunnelSteps steps) =>
        new(Share(steps.Carts, steps.Views), Share(steps.Purchases, steps.Carts), Share(steps.Purchases, steps.Views));

    private static double? Share(long part, long whole) => whole == 0 ? null : Math.Round((double)part / whole, 6);

    private static long[] Counts(in Five<long> ratings) => [ratings[0], ratings[1], ratings[2], ratings[3], ratings[4]];

    private static double? MeanOf(long[] ratings) =>
        ratings.Sum() == 0 ? null : Math.Round(ratings.Select((count, i) => count * (i + 1)).Sum() / (double)ratings.Sum(), 6);

    private static DateOnly Date(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day));
}

internal enum FunnelGrouping
{
    Product,
    Category,
    Store,
    Day,
}

internal enum ProductOrder
{
    Views,
    Carts,
    Purchases,
    Units,
    Revenue,
}
