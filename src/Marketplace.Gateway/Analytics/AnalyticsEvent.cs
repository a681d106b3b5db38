using Marketplace.Gateway.Client.Events;
using Marketplace.Recommendations;

namespace Marketplace.Gateway.Analytics;

/// <summary>An event as it is counted.</summary>
/// <param name="At">When it counts as having happened, seconds since the Unix epoch.</param>
/// <param name="Received">When the log took it, seconds since the Unix epoch; never falling within a client.</param>
/// <param name="Query">The hash of the search it came from; 0: none named.</param>
internal readonly record struct AnalyticsEvent(
    ClientEventKind Kind, int Client, int Product, uint At, uint Received, int Quantity, int Rating, decimal? Price, Currency Currency, UInt128 Query)
{
    private const int SecondsPerDay = 24 * 60 * 60;

    public int Day => DayOf(At);

    public static int DayOf(uint seconds) => (int)(seconds / SecondsPerDay);

    public static uint Seconds(long milliseconds) => (uint)Math.Clamp(milliseconds / 1000, 0, uint.MaxValue);
}
