using System.ComponentModel;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
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
        analytics.MapGet("/summary", Summary).WithSummary("Events, clients, revenue, conversion, reviews, searches and retention of a range of days.");
        analytics.MapGet("/funnel", Funnel).WithSummary("Views → cart → purchases → reviews, in order within seven days, by product, category, store or day.");
        analytics.MapGet("/top-products", TopProducts).WithSummary("What is wanted most, what rises, what is seen and never bought, what is bought together.");
        analytics.MapGet("/searches", Searches).WithSummary("What is searched, what is not found, and what leads to nothing.");
    }

    private static Ok<SummaryAnswer> Summary([AsParameters] RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time) =>
        Answer(range, analytics, time, (reports, days) => reports.Summary(days));

    private static Ok<FunnelAnswer> Funnel(
        [AsParameters] RangeRequest range,
        ReadModelReadiness<AnalyticsModel> analytics,
        TimeProvider time,
        [Description("product, category, store or day; product unless given.")] string? by,
        int? limit) =>
        Answer(range, analytics, time, Read<FunnelGrouping>("by", by, default), limit, (reports, days, grouping, count) => reports.Funnel(days, grouping, count));

    private static Ok<TopProductsAnswer> TopProducts(
        [AsParameters] RangeRequest range,
        ReadModelReadiness<AnalyticsModel> analytics,
        TimeProvider time,
        [Description("views, carts, purchases, units or revenue; purchases unless given.")] string? by,
        [Description("Of the revenue; RUB unless given.")] string? currency,
        int? limit)
    {
        var money = currency is null ? Currency.Default
            : currency.Length == 3 && currency.All(char.IsAsciiLetter) ? Currency.Of(System.Text.Encoding.ASCII.GetBytes(currency))
            : throw Refused("currency", "must be three letters (ISO 4217)");
        return Answer(range, analytics, time, Read("by", by, ProductOrder.Purchases), limit, (reports, days, order, count) => reports.TopProducts(days, order, money, count));
    }

    private static Ok<SearchesAnswer> Searches([AsParameters] RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time, int? limit) =>
        Answer(range, analytics, time, 0, limit, (reports, days, _, count) => reports.Searches(days, count));

    private static Ok<T> Answer<T>(RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time, Func<AnalyticsReports, DayRange, T> ask)
    {
        var days = DayRange.Parse(range.From, range.To, time.GetUtcNow());
        return TypedResults.Ok(analytics.Ready.Ask(reports => ask(reports, days)));
    }

    private static Ok<T> Answer<T, TBy>(
        RangeRequest range, ReadModelReadiness<AnalyticsModel> analytics, TimeProvider time, TBy by, int? limit, Func<AnalyticsReports, DayRange, TBy, int, T> ask)
    {
        var count = limit ?? DefaultLimit;
        return count is >= 1 and <= MaxLimit
            ? Answer(range, analytics, time, (reports, days) => ask(reports, days, by, count))
            : throw Refused("limit", $"must be 1 to {MaxLimit}");
    }

    private static T Read<T>(string parameter, string? value, T otherwise)
        where T : struct, Enum =>
        value is null ? otherwise
        : Enum.GetNames<T>().FirstOrDefault(name => name.Equals(value, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse<T>(name)
        : throw Refused(parameter, $"must be one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");

    private static ProblemException Refused(string parameter, string error) => new(new Problem(StatusCodes.Status400BadRequest, "The request is not valid.")
    {
        Errors = new Dictionary<string, string[]> { [parameter] = [error] },
    });
}

/// <summary>The days that are asked for.</summary>
public sealed record RangeRequest
{
    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "from"), Description("A day (2026-01-31) or an instant; widened to whole days, UTC. 30 days before the end unless given.")]
    public string? From { get; init; }

    [Microsoft.AspNetCore.Mvc.FromQuery(Name = "to"), Description("A day, which is included, or an instant. Now unless given.")]
    public string? To { get; init; }
}
