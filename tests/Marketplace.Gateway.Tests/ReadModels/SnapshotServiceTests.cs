using Marketplace.Gateway.ReadModels;
using Marketplace.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.ReadModels;

/// <summary>When models are saved: what was learned must not grow too old to be used, however little comes.</summary>
public sealed class SnapshotServiceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_model_to_which_little_comes_is_saved_once_a_day()
    {
        var (time, model) = (new FakeTimeProvider(), new Model { Unsaved = 1 });
        var started = time.GetUtcNow();
        using var service = new SnapshotService([model], time, NullLogger<SnapshotService>.Instance);
        await service.StartAsync(TestContext.Current.CancellationToken);
        await PassAsync(until: 1);
        (time.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromDays(1));
        var first = time.GetUtcNow();
        await PassAsync(until: 2);
        (time.GetUtcNow() - first).ShouldBeGreaterThan(TimeSpan.FromDays(1) - Hour);

        await service.StopAsync(TestContext.Current.CancellationToken);
        model.Saves.ShouldBe(2, "a start reads one record sooner than a snapshot");

        Task PassAsync(int until) => Eventually.HoldsAsync(
            () =>
            {
                time.Advance(Hour);
                return Task.FromResult(model.Saves >= until);
            },
            $"snapshot {until}", Eventually.HangLimit, TimeSpan.FromMilliseconds(5));
    }

    [Theory]
    [InlineData(500_000)]
    [InlineData(20_000)]
    public async Task Much_is_saved_soon_and_what_is_worth_it_at_a_stop(long unsaved)
    {
        var (time, model) = (new FakeTimeProvider(), new Model { Unsaved = unsaved });
        using var service = new SnapshotService([model], time, NullLogger<SnapshotService>.Instance);
        await service.StartAsync(TestContext.Current.CancellationToken);
        if (unsaved >= 500_000)
        {
            await Eventually.HoldsAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(1));
                    return Task.FromResult(model.Saves > 0);
                },
                "the snapshot", Eventually.HangLimit, TimeSpan.FromMilliseconds(5));
        }

        await service.StopAsync(TestContext.Current.CancellationToken);
        model.Saves.ShouldBe(1);
    }

    private sealed class Model : ISnapshotted
    {
        private int _saves;
        private long _unsaved;

        public string Name => "model";

        public int Saves => Volatile.Read(ref _saves);

        public long Unsaved
        {
            get => Volatile.Read(ref _unsaved);
            init => _unsaved = value;
        }

        public void Save()
        {
            Interlocked.Increment(ref _saves);
            if (Unsaved >= 20_000)
            {
                Volatile.Write(ref _unsaved, 0);
            }
        }
    }
}
