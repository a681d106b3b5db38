using System.Text;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Banned;

/// <summary>A ban hides a product by itself: no filter and no read model runs here.</summary>
public sealed class BanGuardTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_ban_hides_a_product_from_its_record_in_the_list_until_it_expires()
    {
        var folder = Directory.CreateTempSubdirectory("marketplace-guard-").FullName;
        await using (var log = await EmbeddedEventLog.OpenAsync(
            new EmbeddedLogOptions { Path = folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, TestContext.Current.CancellationToken))
        {
            await log.EnsureTopicsAsync(TopicCatalog.For(1), TestContext.Current.CancellationToken);
            using var bans = new BanListFeed(new TopicReading(log, TimeProvider.System, NullLogger<TopicReading>.Instance), NullLogger<BanListFeed>.Instance);
            await bans.StartAsync(TestContext.Current.CancellationToken);
            var guard = new BanGuard(bans, _time);
            string[] ids = ["а/б", new string('ж', 128), "чай"];
            guard.Shown(ids, id => id).ShouldBeSameAs(ids);

            await BanAsync(log, ids[0], _time.GetUtcNow().AddHours(1));
            await BanAsync(log, ids[1], null);
            await Wait.UntilAsync(() => Task.FromResult(guard.Hides(ids[1])), "the list is read");
            guard.Shown(ids, id => id).ShouldBe(["чай"]);

            _time.Advance(TimeSpan.FromHours(1));
            guard.Shown(ids, id => id).ShouldBe(["а/б", "чай"]);
            await bans.StopAsync(TestContext.Current.CancellationToken);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task BanAsync(EmbeddedEventLog log, string id, DateTimeOffset? until) => await log.AppendAsync(
        TopicNames.BannedProducts, new LogRecord { Key = Encoding.UTF8.GetBytes(id), Value = BanRecord.Write("проба", until) }, TestContext.Current.CancellationToken);
}
