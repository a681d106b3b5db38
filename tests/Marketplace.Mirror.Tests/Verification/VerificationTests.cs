using Marketplace.EventLog;
using Marketplace.Mirror.Tests.Fixture;

namespace Marketplace.Mirror.Tests.Verification;

/// <summary>Verification finds what is not the same, and nothing else.</summary>
public sealed class VerificationTests : MirrorTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Equal_sides_have_one_digest_while_the_mirror_goes_on(bool isCompacted)
    {
        await EnsureAsync("t", 2, spec => spec with { Compaction = isCompacted ? new Compaction(TimeSpan.Zero, TimeSpan.FromDays(1)) : null });
        using var mirror = Mirror();
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        var writing = Task.Run(async () =>
        {
            var random = new Random(1);
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                await Source.Log.AppendAsync("t", Record($"{random.Next(200)}", random.Next(10) == 0 ? null : $"{i}"), Token);
                if (i % 300 == 0)
                {
                    LogTime.Advance(TimeSpan.FromHours(1));
                    await Source.Log.MaintainAsync(Token);
                }
            }
        }, Token);
        await EventuallyAsync(() => mirror.PositionOf(new("t", 0)) > 0 && mirror.PositionOf(new("t", 1)) > 0);
        for (var i = 0; i < 15; i++)
        {
            foreach (var partition in (await mirror.VerifyAsync(null, null, Token)).Partitions)
            {
                partition.Difference.ShouldBeNull($"{partition}");
                partition.Target.ShouldBe(partition.Source);
            }

            await Task.Delay(20, Token);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running, writing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_difference_is_named(bool isCompacted)
    {
        await EnsureAsync("t", 1, spec => spec with { Compaction = isCompacted ? new Compaction(TimeSpan.FromDays(1), TimeSpan.FromDays(1)) : null });
        await Source.Log.AppendAsync("t", Enumerable.Range(0, 100).Select(i => Record($"k{i}", $"v{i}")).ToArray(), Token);
        await CopyAsync(Options with { Topics = new TopicPatterns(["none"]) });

        // A copy by a mirror that loses one record and changes another: the header is right, the value is not.
        await Target.Log.EnsureTopicsAsync([(await Source.Log.DescribeTopicsAsync(Token))["t"].Spec], Token);
        using (var mirror = Mirror())
        {
            await Source.Log.AppendAsync("t", Record("end", "e"), Token);
            var copies = new List<LogRecord>();
            await using var reader = await Source.Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [new("t", 0)] = 0 }, ReaderOptions.Default, Token);
            using var batch = await reader.ReadAsync(Token);
            foreach (var record in batch!.Records)
            {
                if (record.Offset != 40)
                {
                    copies.Add(new LogRecord
                    {
                        Key = record.Key, Timestamp = record.Timestamp, Headers = RecordHeaders.Of(("mirror-source", $"cluster1/{record.Offset}")),
                        Value = record.Offset == 70 ? new byte[] { 1 } : record.Value,
                    });
                }
            }

            await Target.Log.AppendAsync("t", copies.ToArray(), Token);
            await mirror.CatchUpAsync(Token);
            await mirror.ResumeAsync("t", 0, new ResumeFrom(ResumePlace.Beginning), Token);
        }

        // The position as that mirror would have left it.
        await using var writer = await Target.Log.OpenWriterAsync("mirror", Token);
        var position = new AtomicBatch();
        var known = (await Target.Log.GetPositionsAsync("mirror", Token))[new("t", 0)];
        var words = known.Metadata!.Split(' ');
        (words[3], words[4]) = ("0", "0");
        position.SetPosition("mirror", new("t", 0), new GroupPosition(101, string.Join(' ', words)));
        await writer.CommitAsync(position, Token);

        using var judged = Mirror();
        await judged.CatchUpAsync(Token);
        var verified = (await judged.VerifyAsync(["t"], null, Token)).Partitions.Single();
        verified.DifferenceOffset.ShouldBe(40);
        verified.Difference!.ShouldContain("not in the target");
        (verified.Source.Records, verified.Target.Records).ShouldBe((101, 100));
        await Should.ThrowAsync<MirrorException>(() => judged.VerifyAsync(["unknown"], null, Token));
    }

    [Fact]
    public async Task A_record_of_others_in_the_target_is_a_difference()
    {
        await EnsureAsync("t");
        await Source.Log.AppendAsync("t", Record("a", "1"), Token);
        await CopyAsync();
        await Target.Log.AppendAsync("t", Record("b", "2"), Token);
        using var mirror = Mirror();
        await mirror.CatchUpAsync(Token);
        (await mirror.VerifyAsync(null, null, Token)).Partitions.Single().Difference!.ShouldContain("no copy");
    }
}
