using Marketplace.EventLog.Copying;
using Marketplace.EventLog.Embedded;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.EventLog.Kafka.Tests;

/// <summary>An embedded log moves into the cluster as it is, also when the copy is broken off on the way.</summary>
public sealed class CopyTests
{
    /// <summary>Old records of a compacted topic may be compacted in the target as soon as they are there.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_goes_on_where_it_was_broken_off_and_both_sides_are_the_same(bool isCompacted)
    {
        var token = TestContext.Current.CancellationToken;
        var cluster = await SharedCluster.GetAsync();
        var folder = Directory.CreateTempSubdirectory("log-copy-").FullName;
        await using var source = await EmbeddedEventLog.OpenAsync(new EmbeddedLogOptions { Path = folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, token);
        await using var target = SharedCluster.Open(cluster, "admin");
        var topic = $"copied-{Guid.NewGuid():N}";
        await source.EnsureTopicsAsync([new TopicSpec(topic, 3) { Compaction = isCompacted ? new Compaction(TimeSpan.FromDays(7), TimeSpan.FromDays(7)) : null }], token);
        var random = new Random(1);
        for (var n = 0; n < 60; n++)
        {
            await source.AppendAsync(topic, Enumerable.Range(0, 100).Select(_ => Record(random)).ToArray(), token);
        }

        // The first copy is stopped after a commit, as a kill between two would.
        using var broken = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new LogCopier(source, target).RunAsync([topic], new Stop(broken), broken.Token));

        // The next within one, with records written that never become visible.
        var killed = new SlowLog(target)
        {
            Committing = batch =>
            {
                if (batch.Outputs.Count > 0)
                {
                    batch.AddDerived(topic, _ => throw new InvalidOperationException("killed"));
                }
            },
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => new LogCopier(source, killed).RunAsync([topic], null, token));
        (await target.GetPositionsAsync(LogCopier.Name, token)).Keys.ShouldContain(partition => partition.Topic == topic);

        var digests = await new LogCopier(source, target).RunAsync([topic], null, token);
        digests.Sum(digest => digest.Records).ShouldBeInRange(isCompacted ? 1 : 6000, 6000);
        (await new LogCopier(source, target).RunAsync([topic], null, token)).ShouldBe(digests);

        await target.AppendAsync(topic, Record(random) with { Value = new byte[] { 1 } }, token);
        await Should.ThrowAsync<CopyException>(() => new LogCopier(source, target).RunAsync([topic], null, token));
        await source.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static LogRecord Record(Random random)
    {
        var value = new byte[random.Next(3000)];
        random.NextBytes(value);
        return new LogRecord
        {
            Key = new[] { (byte)random.Next(1, 50) },
            Value = random.Next(10) == 0 ? default(ReadOnlyMemory<byte>?) : value,
            Headers = random.Next(3) == 0 ? RecordHeaders.Of(("как", "есть"), ("нет", null)) : default,
            Timestamp = 1_700_000_000_000 + random.Next(1_000_000),
        };
    }

    private sealed class Stop(CancellationTokenSource source) : IProgress<CopyProgress>
    {
        public void Report(CopyProgress value) => source.Cancel();
    }
}
