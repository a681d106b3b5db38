namespace Marketplace.Gateway.Analytics;

// Shapes of the answers. Every one says which whole days (UTC) it speaks of.

/// <param name="Clients">Distinct users and sessions.</param>
/// <param name="Retention">By week of a user's first event; weeks are counted from Thursday, UTC.</param>
public sealed record SummaryAnswer(
    DateTimeOffset From,
    DateTimeOffset To,
    EventCounts Events,
    long Clients,
    long Units,
    IReadOnlyList<MoneyAnswer> Revenue,
    ConversionAnswer Conversion,
    ReviewsAnswer Reviews,
    SearchTotals Searches,
    IReadOnlyList<DayAnswer> Days,
    IReadOnlyList<CohortAnswer> Retention);

public sealed record EventCounts(long View, long AddToCart, long RemoveFromCart, long Purchase, long Review);

public sealed record MoneyAnswer(string Currency, decimal Amount);

/// <summary>Shares of the funnel's entries; null where there is nothing to divide by.</summary>
public sealed record ConversionAnswer(double? ViewToCart, double? CartToPurchase, double? ViewToPurchase);

/// <param name="Count">Reviews that give a rating.</param>
/// <param name="Distribution">How many gave 1, 2, 3, 4, 5.</param>
public sealed record ReviewsAnswer(long Count, double? Mean, IReadOnlyList<long> Distribution);

/// <param name="Empty">Searches that found nothing.</param>
/// <param name="WithoutClick">Searches that no event names, within a day.</param>
public sealed record SearchTotals(long Total, long Empty, long WithoutClick);

public sealed record DayAnswer(DateOnly Day, EventCounts Events, long Clients, IReadOnlyList<MoneyAnswer> Revenue);

/// <param name="Week">The first day of the week.</param>
/// <param name="Users">Users whose first event lies in it.</param>
/// <param name="Active">How many of them were active 0, 1, 2, … weeks later, up to the last week that there is.</param>
public sealed record CohortAnswer(DateOnly Week, long Users, IReadOnlyList<long> Active);

/// <param name="By">What the groups are: <c>product</c>, <c>category</c>, <c>store</c> or <c>day</c>.</param>
public sealed record FunnelAnswer(DateTimeOffset From, DateTimeOffset To, int WindowDays, FunnelSteps Steps, string By, IReadOnlyList<FunnelGroup> Groups);

/// <summary>Entries of one client and one product that came at least this far, in order.</summary>
public sealed record FunnelSteps(long Views, long Carts, long Purchases, long Reviews);

/// <param name="Key">Null: products of which the shop says none.</param>
public sealed record FunnelGroup(string? Key, FunnelSteps Steps, ConversionAnswer Conversion);

/// <param name="Rising">Those that gained most on the same number of days before.</param>
/// <param name="NeverBought">Seen most, and not bought once.</param>
public sealed record TopProductsAnswer(
    DateTimeOffset From,
    DateTimeOffset To,
    string By,
    IReadOnlyList<ProductFigures> Items,
    IReadOnlyList<RisingProduct> Rising,
    IReadOnlyList<ProductFigures> NeverBought,
    IReadOnlyList<BoughtTogether> BoughtTogether);

public sealed record ProductFigures(
    string ProductId, long Views, long Carts, long Purchases, long Units, IReadOnlyList<MoneyAnswer> Revenue, long Reviews, double? Rating);

public sealed record RisingProduct(string ProductId, long Now, long Before);

public sealed record BoughtTogether(IReadOnlyList<string> Products, long Clients);

public sealed record SearchesAnswer(
    DateTimeOffset From, DateTimeOffset To, SearchTotals Totals, IReadOnlyList<SearchFigures> Top, IReadOnlyList<SearchFigures> Empty, IReadOnlyList<SearchFigures> WithoutClick);

public sealed record SearchFigures(string Query, long Total, long Empty, long WithoutClick);
