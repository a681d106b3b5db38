using System.Text;
using Marketplace.Gateway.Analytics;

namespace Marketplace.Gateway.Tests.Analytics;

/// <summary>Anyone may search for anything; what is kept of it has an end.</summary>
public class SearchTextsTests
{
    private const uint At = 1_750_000_000;

    [Theory]
    [InlineData(2, 1_000_000)]
    [InlineData(1_000_000, 8)]
    public void Beyond_the_limit_a_text_has_no_name_and_is_counted_in_the_totals(int maxTexts, long maxBytes)
    {
        var state = new AnalyticsState(maxTexts, maxBytes);
        foreach (var (text, number) in new[] { "aa", "bb", "cc", "dd", "aa" }.Select((text, n) => (text, n + 1)))
        {
            state.CountSearch((UInt128)number, Encoding.UTF8.GetBytes(text), 1, At, At);
        }

        (state.Texts.Count, state.UnnamedSearches).ShouldBe((2, 2));
        var searches = new AnalyticsReports(state).Searches(new DayRange(0, 40_000), 10);
        searches.Top.Select(s => (s.Query, s.Total)).ShouldBe([("aa", 2), ("bb", 1)]);
        searches.Totals.Total.ShouldBe(5);
    }
}
