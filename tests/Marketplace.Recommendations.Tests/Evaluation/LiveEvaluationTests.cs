using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.Recommendations.Evaluation;

namespace Marketplace.Recommendations.Tests.Evaluation;

public class LiveEvaluationTests
{
    [Fact]
    public void A_purchase_is_judged_by_the_list_shown_last_before_it()
    {
        using var live = new LiveEvaluation(TimeSpan.FromHours(1), meters: new Meters());
        var sums = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope is Meters)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Add(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument, value));
        listener.Start();

        live.Shown("анна", List("a", "b", "c"), Catalogue.Now);
        Buy("анна", "b", 10);
        Buy("анна", "x", 20);
        Buy("анна", "a", 61);
        Buy("анна", "a", -1);

        // In whole seconds, a purchase after the list may say a time before it.
        Buy("анна", "c", -0.9 / 60);
        Buy("борис", "a", 10);
        live.Shown("анна", List("x"), Catalogue.Now.AddMinutes(5));
        Buy("анна", "x", 30);

        sums.ShouldBe(
            new Dictionary<string, double>
            {
                ["shown"] = 4,
                ["purchases"] = 4,
                ["hits"] = 3,
                ["ndcg"] = (1 / Math.Log2(3)) + (1 / Math.Log2(4)) + 1,
                ["reciprocal_ranks"] = 0.5 + (1d / 3) + 1,
            },
            ignoreOrder: true);

        void Add(Instrument instrument, double value)
        {
            var name = instrument.Name["marketplace.recommendations.".Length..];
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        void Buy(string user, string product, double minute) => live.Observe(new ClientEvent
        {
            Kind = ClientEventKind.Purchase,
            UserId = Encoding.UTF8.GetBytes(user),
            ProductId = Encoding.UTF8.GetBytes(product),
            OccurredAt = Catalogue.Now.AddMinutes(minute).ToUnixTimeMilliseconds(),
        });
    }

    private static Recommendation[] List(params string[] ids) =>
        [.. ids.Select(id => new Recommendation(id, 1, new RecommendationReason(ReasonKind.Trending, [])))];

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name, options.Version, options.Tags, scope: this);

        public void Dispose()
        {
        }
    }
}
