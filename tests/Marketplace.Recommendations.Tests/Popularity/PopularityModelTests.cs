using Marketplace.Recommendations.Popularity;

namespace Marketplace.Recommendations.Tests.Popularity;

public class PopularityModelTests
{
    private const long DayMs = 86_400_000;

    /// <summary>Charts of 512 out of 3,000 items against sorting everything, while items appear, vanish and return and time goes on.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_chart_is_the_beginning_of_the_sorted_whole(int seed)
    {
        const int Items = 3_000;
        var random = new Random(seed);
        var shown = new bool[Items];
        var counts = new Dictionary<(int Item, long Month), double>();
        var newest = new Dictionary<int, long>();
        var model = new PopularityModel(item => shown[item] ? Hash(item) : null, () => Items);
        long day = 20_000;
        for (var step = 0; step < 30_000; step++)
        {
            var item = (int)(Items * Math.Pow(random.NextDouble(), 2));
            switch (random.Next(6))
            {
                case 0:
                    shown[item] = true;
                    model.Consider(item);
                    break;
                case 1 when random.Next(2) == 0:
                    shown[item] = false;
                    break;
                case 2 when random.Next(100) == 0:
                    day += random.Next(20);
                    break;
                default:
                    var (time, weight) = ((day - random.Next(3)) * DayMs, random.Next(1, 10));
                    model.Count(item, time, weight);
                    var month = time / (30 * DayMs);
                    counts[(item, month)] = counts.GetValueOrDefault((item, month)) + weight;
                    newest[item] = Math.Max(newest.GetValueOrDefault(item), month);
                    break;
            }

            if (step % 1000 == 999)
            {
                // Now and then nearly everything on the chart is banned at once.
                if (random.Next(4) == 0)
                {
                    foreach (var banned in model.Popular.Listed[..(model.Popular.Listed.Length * 4 / 5)])
                    {
                        shown[banned] = false;
                    }
                }

                model.Refresh();
                var listed = model.Popular.Listed.ToArray();
                var sorted = Enumerable.Range(0, Items).Where(i => shown[i]).OrderByDescending(Score).ThenByDescending(Hash).ToArray();
                listed.Length.ShouldBeGreaterThanOrEqualTo(Math.Min(256, sorted.Length));
                listed.ShouldBeUnique();
                listed.Zip(sorted).All(pair => pair.First == pair.Second || IsTie(pair.First, pair.Second)).ShouldBeTrue();
            }
        }

        // Sums of the same terms in another order may differ in their last bit.
        bool IsTie(int a, int b) => Math.Abs(Score(a) - Score(b)) < 1e-12 * Score(a);

        double Score(int item) => !newest.TryGetValue(item, out var last) ? 0
            : Enumerable.Range(0, DecayingCount.Periods).Sum(age => counts.GetValueOrDefault((item, last - age)) * Math.Pow(2, (last - age - 660) / 1.5));
    }

    [Fact]
    public void Counts_are_the_same_in_any_order()
    {
        var random = new Random(5);
        var events = Enumerable.Range(0, 500).Select(_ => (Period: random.Next(30), Amount: (uint)random.Next(1, 9))).ToArray();
        var expected = default(DecayingCount);
        Array.ForEach(events, e => expected.Add(e.Period, e.Amount));
        for (var round = 0; round < 50; round++)
        {
            random.Shuffle(events);
            var counted = default(DecayingCount);
            Array.ForEach(events, e => counted.Add(e.Period, e.Amount));
            counted.ForwardLog(1.5).ShouldBe(expected.ForwardLog(1.5));
        }
    }

    [Fact]
    public void What_is_wanted_now_trends_before_what_was_wanted_more()
    {
        var model = new PopularityModel(item => Hash(item), () => 2);
        model.Count(0, 100 * DayMs, 1000);
        model.Count(1, 130 * DayMs, 10);
        model.Refresh();
        model.Trending.Listed.ToArray().ShouldBe([1, 0]);
        model.Popular.Listed.ToArray().ShouldBe([0, 1]);
    }

    private static ulong Hash(int item) => Recommendations.Storage.StableHash.Mix((ulong)item);
}
