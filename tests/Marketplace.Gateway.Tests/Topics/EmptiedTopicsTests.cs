using System.Net;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Marketplace.Gateway.Tests.Fixture.Answers;

namespace Marketplace.Gateway.Tests.Topics;

/// <summary>Topics from which retention has taken every record: offsets go on, and nobody waits for what does not come any more.</summary>
public sealed class EmptiedTopicsTests(EmbeddedGateway fixture) : IClassFixture<EmbeddedGateway>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_gateway_starts_again_and_takes_keys_events_and_searches(bool keepsSnapshots)
    {
        await using var gateway = await fixture.StartAsync(settings: "EventLog:ClientRetention=2.00:00:00");
        await UseAsync(gateway, "before");
        await Wait.UntilAsync(async () => (await gateway.ReadAsync(TopicNames.ClientQueries)).Count == 1, "the search is noted");
        foreach (var model in gateway.Services.GetServices<ISnapshotted>().Where(_ => keepsSnapshots))
        {
            model.Save();
        }

        await gateway.StopAsync();
        await PassAsync(gateway.DataPath, TimeSpan.FromDays(3));

        // Ready, or this waits in vain.
        await gateway.RestartAsync();
        foreach (var topic in new[] { TopicNames.IdempotencyKeys, TopicNames.ClientEvents, TopicNames.ClientQueries })
        {
            (await gateway.ReadAsync(topic)).ShouldBeEmpty(topic);
        }

        await UseAsync(gateway, "after");
        await Wait.UntilAsync(async () => (await gateway.ReadAsync(TopicNames.ClientQueries)).Count == 1, "the search is noted");
    }

    private static async Task UseAsync(TestGateway gateway, string eventId)
    {
        await gateway.Http.SendProductsAsync(Product("p1"), key: "key").JsonAsync(HttpStatusCode.Accepted);
        await gateway.Http.PostAsync("/client/events", Body(
            $$"""{"event_id":"{{eventId}}","type":"view","user_id":"u1","product_id":"p1","occurred_at":"2026-01-01T00:00:00Z"}""")).JsonAsync(HttpStatusCode.Accepted);
        await gateway.Http.GetAsync("/client/search?q=p1").JsonAsync();
    }

    /// <summary>Lets time pass over a log that no gateway has open, with the upkeep that is due then.</summary>
    private static async Task PassAsync(string dataPath, TimeSpan time)
    {
        await using var log = await EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = Path.Combine(dataPath, "log") },
            new FakeTimeProvider(TimeProvider.System.GetUtcNow() + time),
            NullLogger<EmbeddedEventLog>.Instance,
            TestContext.Current.CancellationToken);
        await log.MaintainAsync(TestContext.Current.CancellationToken);
    }
}
