using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.ReadModels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Marketplace.Gateway.Analytics;

/// <summary>What clients did, in figures.</summary>
public static class AnalyticsEndpoints
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;

    public static void MapAnalytics(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<AnalyticsModel>() is null)
        {
            return;
        }

        var analytics = routes.MapGroup("/analytics").WithTags("analytics").RequireRole(Role.Admin)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        analytics.MapGet("/summary", Summary).WithName("getSummary").WithSummary("Events, clients, revenue, conversion, reviews, searches and retention of a range of days.");
        analytics.MapGet("/funnel", Funnel).WithName("getFunnel").WithSummary("Views → cart → purchases → reviews, in order within seven days, by product, category, store or day.");
        analytics.MapGet("/top-products", TopProducts).WithName("getTopProducts").WithSummary("What is wanted most, what rises, what is seen and never bought, what is bought together.");
        analytics.MapGet("/searches", Searches).WithName("getSearches").WithSummary("What is searched, what is not found, and what leads to nothing.");
    }

    private static Ok<SummaryAnswer> Summary([AsParameters] RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time) =>
        Answer(range, analytics, time, (reports, days) => reports.Summary(days));

    private static Ok<FunnelAnswer> Funnel(
        [AsParameters] RangeRequest range,
        ReadModelReadiness<AnalyticsModel> analytics,
        TimeProvider time,
        [Description("product unless given."), AllowedValues("product", "category", "store", "day")] string? by,
        [Range(1, MaxLimit)] int limit = DefaultLimit) =>
        Answer(range, analytics, time, (reports, days) => reports.Funnel(days, Read<FunnelGrouping>(by, default), limit));

    private static Ok<TopProductsAnswer> TopProducts(
        [AsParameters] RangeRequest range,
        ReadModelReadiness<AnalyticsModel> analytics,
        TimeProvider time,
        [Description("purchases unless given."), AllowedValues("views", "carts", "purchases", "units", "revenue")] string? by,
        [Description("Of the revenue; RUB unless given."), RegularExpression(CurrencyCode.Pattern, ErrorMessage = CurrencyCode.Rule)] string? currency,
        [Range(1, MaxLimit)] int limit = DefaultLimit)
    {
        var money = currency is null ? Currency.Default : Currency.Of(System.Text.Encoding.ASCII.GetBytes(currency));
        return Answer(range, analytics, time, (reports, days) => reports.TopProducts(days, Read(by, ProductOrder.Purchases), money, limit));
    }

    private static Ok<SearchesAnswer> Searches([AsParameters] RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time, [Range(1, MaxLimit)] int limit = DefaultLimit) =>
        Answer(range, analytics, time, (reports, days) => reports.Searches(days, limit));

    private static Ok<T> Answer<T>(RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time, Func<AnalyticsReports, DayRange, T> ask)
    {
        var days = DayRange.Parse(range.From, range.To, time.GetUtcNow());
        return TypedResults.Ok(analytics.Ready.Ask(reports => ask(reports, days)));
    }

    private static T Read<T>(string? value, T otherwise)
        where T : struct, Enum =>
        value is null ? otherwise : Enum.Parse<T>(value, ignoreCase: true);
}

/// <summary>The days that are asked for.</summary>
public sealed record RangeRequest
{
    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "from"), Description("A day (2026-01-31) or an instant; widened to whole days, UTC. 30 days before the end unless given.")]
    public string? From { get; init; }

    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "to"), Description("A day, which is included, or an instant. Now unless given.")]
    public string? To { get; init; }
}
