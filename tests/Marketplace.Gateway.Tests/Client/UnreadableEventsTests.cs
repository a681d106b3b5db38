using System.Diagnostics.Metrics;
using System.Text;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Marketplace.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Gateway.Tests.Client;

/// <summary>What other writers put into <c>client-events</c> and is no event.</summary>
public sealed class UnreadableEventsTests(EmbeddedGateway fixture) : IClassFixture<EmbeddedGateway>
{
    private const int Partitions = 3;
    private const int Records = 200;

    [Fact]
    public async Task What_is_no_event_stands_in_dead_letters_as_it_was_with_the_reason_and_events_beside_it_count()
    {
        await using var gateway = await fixture.StartAsync();
        var good = """{"event_id":"e1","type":"view","user_id":"u1","product_id":"p1","occurred_at":"2026-01-01T00:00:00Z"}""";
        string?[] values = ["no json", """{"event_id":"e2"}""", null, good];
        foreach (var (value, n) in values.Select((value, n) => (value, n)))
        {
            await gateway.Log.AppendAsync(
                TopicNames.ClientEvents,
                new LogRecord { Key = Bytes($"u{n}"), Value = Bytes(value), Partition = 0, Headers = RecordHeaders.Of(("who", "another")) },
                TestContext.Current.CancellationToken);
        }

        await Wait.UntilAsync(async () => (await gateway.ReadAsync(TopicNames.DeadLetters)).Count == 3, "three letters are written");
        var letters = await gateway.ReadAsync(TopicNames.DeadLetters);
        letters.Select(letter => letter.Text).ShouldBe(values.Take(3));
        letters.Select(letter => letter.Key).ShouldBe(["u0", "u1", "u2"]);
        letters.Select(letter => letter.Headers["dlq-offset"]).ShouldBe(["0", "1", "2"]);
        letters.ShouldAllBe(letter => letter.Headers["dlq-topic"] == TopicNames.ClientEvents && letter.Headers["dlq-partition"] == "0" && letter.Headers["who"] == "another");
        letters[1].Headers["dlq-reason"]!.ShouldContain("occurred_at");
        await Wait.UntilAsync(
            async () => (await gateway.Http.GetStringAsync("/analytics/summary?from=2026-01-01&to=2026-01-01")).Contains("\"view\":1", StringComparison.Ordinal), "the event counts");

        await gateway.RestartAsync();
        (await gateway.ReadAsync(TopicNames.DeadLetters)).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_is_written_once_by_gateways_that_read_the_same_at_once_and_are_stopped_and_begin_again(int seed)
    {
        var path = Directory.CreateTempSubdirectory("marketplace-letters-").FullName;
        await using (var log = await EmbeddedEventLog.OpenAsync(new EmbeddedLogOptions { Path = path }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None))
        {
            await log.EnsureTopicsAsync(TopicCatalog.For(Partitions), CancellationToken.None);
            var random = new Random(seed);
            var expected = new List<(string, string)>();
            for (var n = 0; n < Records; n++)
            {
                var at = await log.AppendAsync(
                    TopicNames.ClientEvents, new LogRecord { Key = Bytes("u"), Value = Bytes(random.Next(4) == 0 ? "bad" : "good"), Partition = random.Next(Partitions) }, CancellationToken.None);
                expected.Add(($"{at.Partition}", $"{at.Offset}"));
            }

            var bad = (await LogDump.ReadAsync(log, TopicNames.ClientEvents, CancellationToken.None)).Where(record => record.Text == "bad").Select(record => ($"{record.Partition}", $"{record.Offset}"));
            await Task.WhenAll(Enumerable.Range(0, 3).Select(gateway => ReadAgainAndAgainAsync(log, new Random(seed + (10 * gateway)))));
            var letters = (await LogDump.ReadAsync(log, TopicNames.DeadLetters, CancellationToken.None)).Select(letter => (letter.Headers["dlq-partition"]!, letter.Headers["dlq-offset"]!)).ToList();
            letters.Order().ShouldBe(bad.Order());
        }

        Directory.Delete(path, recursive: true);
    }

    /// <summary>A gateway that begins at the beginning, is stopped somewhere in the midst of it a few times, and at last comes to the end.</summary>
    private static async Task ReadAgainAndAgainAsync(IEventLog log, Random random)
    {
        for (var life = 0; life < 4; life++)
        {
            var unreadable = new UnreadableEvents(log, TimeProvider.System, new DeadLetterMetrics(Meters()), NullLogger<UnreadableEvents>.Instance);
            await ReadAsync(log, unreadable, random, lettersToTheStop: life == 3 ? int.MaxValue : random.Next(1, Partitions * 4));
        }
    }

    private static async Task ReadAsync(IEventLog log, UnreadableEvents unreadable, Random random, int lettersToTheStop)
    {
        var from = Enumerable.Range(0, Partitions).ToDictionary(partition => new TopicPartition(TopicNames.ClientEvents, partition), _ => LogOffset.Begin);
        await using var reader = await log.OpenReaderAsync(from, new ReaderOptions { MaxBatchBytes = random.Next(20, 300) }, CancellationToken.None);
        for (var read = 0; read < Records;)
        {
            using var batch = (await reader.ReadAsync(CancellationToken.None))!;
            read += batch.Count;
            var found = Enumerable.Range(0, batch.Count).Where(i => Encoding.UTF8.GetString(batch.Records[i].Value!.Value.Span) == "bad").Select(i => (i, "bad")).ToList();
            if (found.Count > 0 && lettersToTheStop-- == 0)
            {
                using var stop = new CancellationTokenSource();
                var writing = unreadable.WriteAsync(batch, found, stop.Token);
                await stop.CancelAsync();
                await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            await (found.Count > 0 ? unreadable.WriteAsync(batch, found, CancellationToken.None) : Task.CompletedTask);
        }
    }

    private static IMeterFactory Meters() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    private static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(text);
}
