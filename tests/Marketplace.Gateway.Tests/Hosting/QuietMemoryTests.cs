using Marketplace.Gateway.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>When memory is given back: after a burst, and not as long as it goes on, nor again for nothing.</summary>
public sealed class QuietMemoryTests : IDisposable
{
    private const long Catalogue = 3 * QuietMemory.Grown;
    private const long Needed = 2 * QuietMemory.Grown;
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _looked = new(0);
    private HeapUse _heap;
    private int _collected;

    [Fact]
    public async Task Memory_is_given_back_once_a_burst_is_over()
    {
        var memory = new QuietMemory(_time, Look, Collect);
        await memory.StartAsync(TestContext.Current.CancellationToken);
        await LookedAsync();

        await PassAsync(allocated: 10 * QuietMemory.Quiet, committed: Catalogue);
        _collected.ShouldBe(0, "the burst goes on");
        await PassAsync(allocated: QuietMemory.Quiet - 1, committed: Catalogue);
        await LookedAsync();
        _collected.ShouldBe(1);

        // What is needed stays, and so does what little comes.
        await PassAsync(allocated: 0, committed: Needed);
        await PassAsync(allocated: 0, committed: Needed + QuietMemory.Grown);
        _collected.ShouldBe(1);
        await PassAsync(allocated: 0, committed: Needed + QuietMemory.Grown + 1);
        await LookedAsync();
        _collected.ShouldBe(2);
        await memory.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _looked.Dispose();

    private async Task PassAsync(long allocated, long committed)
    {
        _heap = new HeapUse(_heap.Allocated + allocated, committed);
        _time.Advance(QuietMemory.Interval);
        await LookedAsync();
    }

    private async Task LookedAsync() => (await _looked.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBeTrue();

    private HeapUse Look()
    {
        _looked.Release();
        return _heap;
    }

    private void Collect()
    {
        Interlocked.Increment(ref _collected);
        _heap = _heap with { Committed = Needed };
    }
}
