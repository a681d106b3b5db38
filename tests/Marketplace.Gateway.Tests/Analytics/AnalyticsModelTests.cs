using Marketplace.Gateway.Analytics;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Analytics;

public sealed class AnalyticsModelTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Old = Now.AddHours(-40);
    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-analytics-").FullName;
    private readonly FakeTimeProvider _time = new(Now);

    /// <summary>The click is younger than a day against its search, and stands in what this process has not read yet.</summary>
    [Fact]
    public void A_search_waits_for_its_click_until_the_events_of_before_are_read()
    {
        var model = Open();
        Apply(model, Batches.Queries(0, 0, 1, Search()));
        Apply(model, Batches.Queries(1, 0, 1, (Old, "{}")));
        model.Publish();
        Apply(model, Batches.Events(0, 0, 1, Event("e0", Now, "q9")));
        Later(model);
        Apply(model, Batches.Events(1, 0, 1, Event("e1", Old.AddHours(1), "q1")));
        WithoutClick(model).ShouldBe(0);
    }

    [Fact]
    public void A_click_waits_for_its_search_until_the_searches_of_before_are_read()
    {
        var model = Open();
        Apply(model, Batches.Events(0, 0, 1, Event("e1", Old, "q1")));
        Apply(model, Batches.Events(1, 0, 1, Event("e2", Old, "q2")));
        model.Publish();
        Apply(model, Batches.Queries(0, 0, 1, Search()));
        WithoutClick(model).ShouldBe(0);
    }

    /// <summary>Where retention has taken the beginning, an empty batch says where the rest begins.</summary>
    [Fact]
    public void An_empty_batch_is_the_end_of_a_partition_only_where_it_is_at_the_end()
    {
        var model = Open(events: 3);
        Apply(model, Batches.Queries(0, 0, 1, Search()));
        Apply(model, Batches.Queries(1, 0, 1, (Old, "{}")));
        Apply(model, Batches.Events(0, 3, 3));
        Apply(model, Batches.Events(1, 2, 3));
        model.Publish();
        Apply(model, Batches.Events(1, 2, 3, Event("e1", Old, "q1")));
        WithoutClick(model).ShouldBe(0);
    }

    [Fact]
    public void Once_all_is_read_what_is_too_old_for_a_click_is_given_back()
    {
        var model = Open();
        Apply(model, Batches.Queries(0, 0, 1, Search()));
        Apply(model, Batches.Queries(1, 0, 1, (Old, "{}")));
        Apply(model, Batches.Events(0, 0, 1, Event("e0", Now, "q9")));
        Apply(model, Batches.Events(1, 0, 1, Event("e1", Now, "q9")));
        model.Publish();
        Apply(model, Batches.Events(1, 1, 2, Event("e2", Old, "q1")));
        WithoutClick(model).ShouldBe(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private AnalyticsModel Open(long events = 1) => AnalyticsModel.Open(_folder, Batches.Ends(events, queries: 1), _time, Batches.Meters());

    private void Later(AnalyticsModel model)
    {
        _time.Advance(TimeSpan.FromMinutes(6));
        model.Publish();
    }

    private static void Apply(IFeedReader<EventBatch> model, EventBatch batch) => model.Apply(batch, 0);

    private static void Apply(IFeedReader<QueryBatch> model, QueryBatch batch) => model.Apply(batch, 0);

    private static long WithoutClick(AnalyticsModel model) => model.Ask(reports => reports.Searches(new DayRange(0, 40_000), 10)).Totals.WithoutClick;

    private static (DateTimeOffset At, string Json) Search() => (Old, $$"""{"query_id":"q1","q":"часы","total":3,"at":"{{Old:O}}"}""");

    private static (DateTimeOffset At, string Json) Event(string id, DateTimeOffset at, string query) =>
        (at, $$"""{"event_id":"{{id}}","type":"view","user_id":"u","product_id":"p","occurred_at":"{{at:O}}","query_id":"{{query}}"}""");
}
