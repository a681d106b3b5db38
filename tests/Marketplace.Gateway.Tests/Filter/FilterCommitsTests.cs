using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Filter;

public sealed class FilterCommitsTests
{
    /// <summary>While products flow in without a pause there is always something that is not durable; what was asked about must be told all the same.</summary>
    [Fact]
    public async Task What_was_filled_is_told_durable_while_more_is_under_way()
    {
        await using var writer = new HeldWriter();
        var commits = Commits(writer, FilterPace.Default);
        await FillAsync(commits, 1);
        await FillAsync(commits, 2);
        var second = commits.WhenDurable();

        writer.Release();
        await commits.Current;
        second.IsCompleted.ShouldBeFalse("it waits for its turn");
        await commits.SendAsync();
        await FillAsync(commits, 3);
        writer.Release();
        await second.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        commits.Filling.IsEmpty.ShouldBeFalse("more has come since");

        commits.WhenDurable().IsCompleted.ShouldBeFalse();
        commits.Drop();
        commits.WhenDurable().ShouldBe(commits.Current);
    }

    [Fact]
    public async Task Between_commits_an_interval_passes_unless_the_next_is_full_or_the_last()
    {
        await using var writer = new HeldWriter();
        var commits = Commits(writer, new FilterPace(TimeSpan.FromHours(1), 100, TimeSpan.Zero));
        await FillAsync(commits, 1);
        writer.Release();
        await commits.Current;
        await FillAsync(commits, 2);
        writer.Held.ShouldBe(0, "the interval has not passed");
        commits.Free.IsCompleted.ShouldBeFalse();

        commits.Filling.Own(Batch(100));
        await FillAsync(commits, 3);
        writer.Held.ShouldBe(1, "it is full");
        writer.Release();
        await commits.Current;

        await FillAsync(commits, 4);
        writer.Held.ShouldBe(0);
        var drained = commits.DrainAsync();
        writer.Held.ShouldBe(1, "it is the last");
        writer.Release();
        await drained.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Commits_are_no_larger_than_what_comes_through_in_a_second()
    {
        const int MiB = 1024 * 1024;
        await using var writer = new HeldWriter();
        var time = new FakeTimeProvider();
        var commits = Commits(writer, new FilterPace(TimeSpan.FromHours(1), 64 * MiB, TimeSpan.Zero), time);
        commits.Room.ShouldBe(4 * MiB, "nothing is known yet");

        await CommitAsync(8 * MiB, TimeSpan.FromSeconds(1));
        commits.Room.ShouldBe(8 * MiB);
        await CommitAsync(8 * MiB, TimeSpan.FromMilliseconds(250));
        commits.Room.ShouldBe(32 * MiB);
        await CommitAsync(32 * MiB, TimeSpan.FromMilliseconds(250));
        commits.Room.ShouldBe(64 * MiB, "no more than is allowed");
        await CommitAsync(64 * MiB, TimeSpan.FromMinutes(1));
        commits.Room.ShouldBe(4 * MiB, "no less than the first");
        await CommitAsync(4 * MiB, TimeSpan.Zero);
        commits.Room.ShouldBe(64 * MiB);

        async Task CommitAsync(int bytes, TimeSpan duration)
        {
            commits.Filling.Own(Batch(bytes));
            await FillAsync(commits, 1);
            time.Advance(duration);
            writer.Release();
            await commits.Current;
        }
    }

    private static FilterCommits Commits(IAtomicWriter writer, FilterPace pace, TimeProvider? time = null)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new FilterCommits(writer, null!, pace, time ?? TimeProvider.System, new FilterMetrics(meters), NullLogger.Instance, TestContext.Current.CancellationToken);
    }

    private static RecordBatch Batch(int bytes) =>
        new(new TopicPartition(TopicNames.ShopProducts, 0), new StoredRecord[] { new() { Offset = 1, Value = new byte[bytes] } }, 2, 2);

    private static async Task FillAsync(FilterCommits commits, long next)
    {
        commits.Filling.Batch.SetPosition(FilterService.Group, new TopicPartition(TopicNames.ShopProducts, 0), new GroupPosition(next, null));
        await commits.SendAsync();
    }

    /// <summary>Commits when it is let.</summary>
    private sealed class HeldWriter : IAtomicWriter
    {
        private readonly Queue<TaskCompletionSource<RecordPosition[]>> _held = new();

        public string Name => "held";

        public int Held => _held.Count;

        public void Release() => _held.Dequeue().SetResult([]);

        public ValueTask<RecordPosition[]> CommitAsync(AtomicBatch batch, CancellationToken cancellationToken)
        {
            var held = new TaskCompletionSource<RecordPosition[]>();
            _held.Enqueue(held);
            return new ValueTask<RecordPosition[]>(held.Task);
        }

        public ValueTask DisposeAsync() => default;
    }
}
