using Marketplace.Gateway.Analytics;
using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Tests.Analytics;

/// <summary>Sums beyond what 32 bits hold.</summary>
public class AnalyticsSumsTests
{
    private const uint At = 1_750_000_000;
    private static readonly DayRange All = new(0, 40_000);

    [Fact]
    public void Units_of_one_product_on_one_day_do_not_wrap()
    {
        var state = new AnalyticsState();
        var product = state.Products.FindOrAdd("p"u8);
        var client = state.Clients.FindOrAdd("su"u8);
        for (var i = 0; i < 5_000; i++)
        {
            state.Count(new AnalyticsEvent(ClientEventKind.Purchase, client, product, At, At, EventParser.MaxQuantity, 0, null, Currency.Default, 0));
        }

        var reports = new AnalyticsReports(state);
        reports.Summary(All).Units.ShouldBe(5_000_000_000);
        reports.TopProducts(All, ProductOrder.Units, Currency.Default, 10).Items.Single().Units.ShouldBe(5_000_000_000);
    }

    [Fact]
    public void Sums_over_products_texts_and_days_do_not_wrap()
    {
        const uint Half = 3_000_000_000;
        var state = new AnalyticsState();
        for (var i = 0; i < 2; i++)
        {
            var table = new DayTable();
            state.Days.Add(20_000 + i, table);
            foreach (var name in new[] { "a"u8.ToArray(), "b"u8.ToArray() })
            {
                ref var counts = ref table.Of(state.Products.FindOrAdd(name));
                counts.Kinds[(int)ClientEventKind.View] = Half;
                counts.Ratings[4] = Half;
                counts.Funnel[(int)FunnelStage.Viewed] = Half;
                ref var searches = ref table.OfSearch(state.Texts.FindOrAdd(name));
                (searches.Total, searches.Empty, searches.Clicked) = (Half, Half, 1);
            }
        }

        const long Four = 4L * Half;
        var reports = new AnalyticsReports(state);
        var summary = reports.Summary(All);
        (summary.Events.View, summary.Reviews.Count, summary.Searches.Total, summary.Searches.Empty, summary.Searches.WithoutClick).ShouldBe((Four, Four, Four, Four, Four - 4));
        reports.Funnel(All, FunnelGrouping.Product, 10).Steps.Views.ShouldBe(Four);
        reports.TopProducts(All, ProductOrder.Views, Currency.Default, 10).Items.Select(p => p.Views).ShouldBe([Four / 2, Four / 2]);
        var searched = reports.Searches(All, 10);
        searched.Totals.Total.ShouldBe(Four);
        searched.WithoutClick.Select(s => (s.Total, s.WithoutClick)).ShouldBe([(Four / 2, (Four / 2) - 2), (Four / 2, (Four / 2) - 2)]);
    }
}
