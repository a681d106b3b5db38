using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Mirror.Tests.Copying;

/// <summary>
/// Two clusters that both take records and mirror each other: no record twice, none lost, none comes back. The long form runs for
/// <c>MIRROR_SECONDS</c>.
/// </summary>
public sealed class ActiveActiveTests : MirrorTest
{
    private const int Least = 1000;
    private static readonly string[] Topics = ["shop-products", "client-events"];

    private static TimeSpan Load => TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("MIRROR_SECONDS"), out var asked) ? asked : 3);

    [Fact]
    public async Task Nothing_is_doubled_lost_or_echoed_under_load_from_both_sides()
    {
        using var there = Mirror(Options with { Source = "one", Target = "two", IsActiveActive = true });
        using var back = new LogMirror(
            Target.Log, Source.Log, Options with { Source = "two", Target = "one", IsActiveActive = true }, TimeProvider.System, NullLogger<LogMirror>.Instance);
        foreach (var log in new[] { Source.Log, Target.Log })
        {
            await log.EnsureTopicsAsync([new TopicSpec(Topics[0], 2) { Compaction = new Compaction(TimeSpan.FromDays(7), TimeSpan.FromDays(7)) }, new TopicSpec(Topics[1], 2)], Token);
        }

        using var stop = new CancellationTokenSource();
        using var load = new CancellationTokenSource(Load);
        var mirroring = Task.WhenAll(there.RunAsync(stop.Token), back.RunAsync(stop.Token));
        var sent = await Task.WhenAll(Task.Run(() => WriteAsync(Source.Log, "one", load.Token)), Task.Run(() => WriteAsync(Target.Log, "two", load.Token)));
        await EventuallyAsync(() => HasAll(there, Source.Log) && HasAll(back, Target.Log) && HasAll(there, Source.Log));
        await stop.CancelAsync();
        await mirroring;

        sent.ShouldAllBe(count => count > Least);
        foreach (var topic in Topics)
        {
            for (var number = 0; number < 2; number++)
            {
                var one = await ReadAsync(Source.Log, new TopicPartition(topic, number));
                var two = await ReadAsync(Target.Log, new TopicPartition(topic, number));
                foreach (var origin in new[] { "one", "two" })
                {
                    var here = one.Where(value => value.StartsWith(origin, StringComparison.Ordinal)).ToList();
                    here.ShouldBe(two.Where(value => value.StartsWith(origin, StringComparison.Ordinal)), $"{topic}-{number} by {origin}: same records, in the order of their origin");
                    here.Distinct().Count().ShouldBe(here.Count, "no record twice");
                }
            }
        }

        (await CountAsync(Source.Log)).ShouldBe(sent.Sum(), "none lost, no echo");
        (await CountAsync(Target.Log)).ShouldBe(sent.Sum());
        there.Status.Conflicts.ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_both_write_is_reported_and_not_resolved()
    {
        var spec = new TopicSpec("shop-products", 1) { Compaction = new Compaction(TimeSpan.FromDays(7), TimeSpan.FromDays(7)) };
        await Source.Log.EnsureTopicsAsync([spec], Token);
        await Target.Log.EnsureTopicsAsync([spec], Token);
        using var there = Mirror(Options with { Source = "one", Target = "two", IsActiveActive = true });
        using var back = new LogMirror(
            Target.Log, Source.Log, Options with { Source = "two", Target = "one", IsActiveActive = true }, TimeProvider.System, NullLogger<LogMirror>.Instance);
        await Source.Log.AppendAsync(spec.Name, Record("товар", "one"), Token);
        await Target.Log.AppendAsync(spec.Name, Record("товар", "two"), Token);
        await there.CatchUpAsync(Token);
        await back.CatchUpAsync(Token);
        await there.CatchUpAsync(Token);

        (await ReadAsync(Source.Log, new("shop-products", 0))).ShouldBe(["one", "two"]);
        (await ReadAsync(Target.Log, new("shop-products", 0))).ShouldBe(["two", "one"]);
        (there.Status.Conflicts + back.Status.Conflicts).ShouldBeGreaterThan(0);
        (there.Status.LastConflict ?? back.Status.LastConflict).ShouldBe("shop-products: товар");
        (await there.VerifyAsync(null, null, Token)).IsEqual.ShouldBeTrue();
    }

    [Fact]
    public async Task Two_clusters_of_one_name_are_noticed_before_anything_goes_in_circles()
    {
        await EnsureAsync("t");
        await Source.Log.AppendAsync("t", Record("a", "1"), Token);
        await CopyAsync();
        using var wrong = new LogMirror(Target.Log, Source.Log, Options with { IsActiveActive = true }, TimeProvider.System, NullLogger<LogMirror>.Instance);
        using var stop = new CancellationTokenSource();
        var running = wrong.RunAsync(stop.Token);
        await EventuallyAsync(() => wrong.Status.Phase == MirrorPhase.Failed);
        wrong.Status.Reason!.ShouldContain("two clusters are called the same");
        (await Source.Log.GetRangeAsync(new("t", 0), Token)).End.ShouldBe(1);
        await stop.CancelAsync();
        await running;
    }

    private static bool HasAll(LogMirror mirror, IEventLog source) => Topics.SelectMany(topic => new[] { new TopicPartition(topic, 0), new TopicPartition(topic, 1) })
        .All(partition => mirror.PositionOf(partition) == source.GetRangeAsync(partition, CancellationToken.None).AsTask().Result.End);

    private async Task<long> WriteAsync(IEventLog log, string origin, CancellationToken stop)
    {
        var random = new Random(origin.Length + origin[0]);
        var sent = 0L;
        while (!stop.IsCancellationRequested || sent <= Least)
        {
            var records = Enumerable.Range(0, random.Next(1, 40)).Select(_ => Record($"{origin} {random.Next(200)}", $"{origin} {sent++}")).ToArray();
            await log.AppendAsync(Topics[random.Next(Topics.Length)], records, Token);
        }

        return sent;
    }

    private async Task<long> CountAsync(IEventLog log)
    {
        var count = 0L;
        foreach (var partition in Topics.SelectMany(topic => new[] { new TopicPartition(topic, 0), new TopicPartition(topic, 1) }))
        {
            count += (await log.GetRangeAsync(partition, Token)).End;
        }

        return count;
    }

    private async Task<List<string>> ReadAsync(IEventLog log, TopicPartition partition)
    {
        var values = new List<string>();
        var end = (await log.GetRangeAsync(partition, Token)).End;
        await using var reader = await log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [partition] = 0 }, ReaderOptions.Default, Token);
        while (reader.PositionOf(partition) < end)
        {
            using var batch = await reader.ReadAsync(Token);
            foreach (var record in batch!.Records)
            {
                values.Add(System.Text.Encoding.UTF8.GetString(record.Value!.Value.Span));
            }
        }

        return values;
    }
}
