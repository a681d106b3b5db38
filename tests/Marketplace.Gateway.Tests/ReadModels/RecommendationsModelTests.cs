using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Recommendations;
using Marketplace.Recommendations.Evaluation;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.ReadModels;

public sealed class RecommendationsModelTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-recommendations-").FullName;
    private readonly FakeTimeProvider _time = new(Now);

    [Fact]
    public void Sessions_that_are_over_are_given_back_with_a_snapshot_and_not_before_the_events_of_before_are_read()
    {
        using var live = new LiveEvaluation(TimeSpan.FromHours(1));
        var model = RecommendationsModel.Open(_folder, RecommendationOptions.Default, Batches.Ends(events: 3, queries: 0), live, popularity: null, _time);
        IFeedReader<EventBatch> events = model;
        events.Apply(Batches.Events(0, 0, 3, View("e1", "old", Now.AddDays(-20)), View("e2", "another", Now.AddDays(-19)), View("e3", "new", Now)), 0);
        events.Apply(Batches.Events(1, 0, 3, View("e4", "older", Now.AddDays(-25))), 0);
        model.Save();
        model.Model.ClientCount.ShouldBe(4);

        events.Apply(Batches.Events(1, 1, 3, View("e5", "older", Now.AddDays(-24)), View("e6", "newer", Now)), 0);
        model.Save();
        model.Model.ClientCount.ShouldBe(2);
        RecommendationsModel.Open(_folder, RecommendationOptions.Default, Batches.Ends(events: 3, queries: 0), live, popularity: null, _time).Model.ClientCount.ShouldBe(2);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (DateTimeOffset At, string Json) View(string id, string session, DateTimeOffset at) =>
        (at, $$"""{"event_id":"{{id}}","type":"view","session_id":"{{session}}","product_id":"p","occurred_at":"{{at:O}}"}""");
}
