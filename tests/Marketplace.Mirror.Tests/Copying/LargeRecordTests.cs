using Marketplace.EventLog;
using Marketplace.Mirror.Copying;
using Marketplace.Mirror.Tests.Fixture;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Mirror.Tests.Copying;

/// <summary>A copy is larger than its record by the mirror's header: the target's topic is given that room when a record needs it.</summary>
public sealed class LargeRecordTests : MirrorTest
{
    [Fact]
    public async Task A_record_as_large_as_the_source_takes_is_copied()
    {
        await EnsureAsync("large", 1, spec => spec with { MaxMessageBytes = 100_000 });
        await Target.Log.EnsureTopicsAsync([new TopicSpec("large", 1) { MaxMessageBytes = 100_000 }], Token);
        await Source.Log.AppendAsync("large", Record("k", new string('x', 99_999)), Token);
        await CopyAsync();
        (await ShouldBeEqualAsync("large")).ShouldBe(1);
    }

    [Fact]
    public async Task Records_as_large_as_two_topics_of_different_limits_take_are_copied_in_one_commit()
    {
        await EnsureAsync("events");
        await EnsureAsync("large", 1, Limited(100_000));
        await EnsureAsync("small", 1, Limited(50_000));
        await Target.Log.EnsureTopicsAsync([Limited(100_000)(new TopicSpec("large", 1)), Limited(50_000)(new TopicSpec("small", 1))], Token);
        var (target, taken) = (new SlowLog(Target.Log), new CountingObserver());
        using var mirror = new LogMirror(
            Source.Log, target, Options, TimeProvider.System, NullLogger<LogMirror>.Instance, () => taken);
        using var stop = new CancellationTokenSource();
        var running = mirror.RunAsync(stop.Token);
        await EventuallyAsync(() => mirror.Status.Phase == MirrorPhase.Running);

        // While the first commit is held both are added to the next one.
        target.Hold();
        await Source.Log.AppendAsync("events", Record("k", "v"), Token);
        await EventuallyAsync(() => target.Waiting > 0);
        await Source.Log.AppendAsync("small", Record("k", new string('x', 49_999)), Token);
        await Source.Log.AppendAsync("large", Record("k", new string('x', 99_999)), Token);
        await EventuallyAsync(() => taken.Count == 3);
        target.Release();
        await EventuallyAsync(() => mirror.Status.Phase == MirrorPhase.Failed || (mirror.PositionOf(new("small", 0)) == 1 && mirror.PositionOf(new("large", 0)) == 1));
        mirror.Status.Reason.ShouldBeNull();
        await stop.CancelAsync();
        await running;
        (await ShouldBeEqualAsync("events", "small", "large")).ShouldBe(3);

        static Func<TopicSpec, TopicSpec> Limited(int bytes) => spec => spec with { MaxMessageBytes = bytes };
    }

    /// <summary>Counts the records that were read for commits.</summary>
    private sealed class CountingObserver : ICopyObserver
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Taken(in StoredRecord record) => Interlocked.Increment(ref _count);

        public void Committed()
        {
        }

        public void Dropped()
        {
        }
    }
}
