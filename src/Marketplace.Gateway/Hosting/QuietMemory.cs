namespace Marketplace.Gateway.Hosting;

public static class QuietMemorySetup
{
    public static WebApplicationBuilder AddQuietMemory(this WebApplicationBuilder builder)
    {
        builder.Services.AddHostedService(s => QuietMemory.OfProcess(s.GetRequiredService<TimeProvider>()));
        return builder;
    }
}

/// <summary>The managed heap: bytes allocated since the start, and bytes held for it when it was last collected.</summary>
internal readonly record struct HeapUse(long Allocated, long Committed);

/// <summary>
/// Gives back what a burst has left, once it is over: old objects are only collected while new ones are made, so a gateway that has taken
/// a whole catalogue would keep twice the memory it needs for as long as it is quiet. The collection stops everything for some tenths of
/// a second, which is why it waits for quiet, and is not repeated before much has been added again.
/// </summary>
internal sealed class QuietMemory(TimeProvider time, Func<HeapUse> look, Action collect) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Bytes allocated in an interval, below which it is quiet.</summary>
    public const long Quiet = 16L << 20;

    /// <summary>A burst has left something where the heap has become so many bytes larger than it was after the last time, and by half.</summary>
    public const long Grown = 256L << 20;

    /// <summary>The process's own heap.</summary>
    public static QuietMemory OfProcess(TimeProvider time) => new(
        time,
        () => new HeapUse(GC.GetTotalAllocatedBytes(), GC.GetGCMemoryInfo().TotalCommittedBytes),
        () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var (kept, before) = (0L, look().Allocated);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = look();
            if (now.Allocated - before < Quiet && now.Committed > Math.Max(kept + Grown, kept * 3 / 2))
            {
                collect();
                kept = look().Committed;
            }

            before = now.Allocated;
        }
    }
}
