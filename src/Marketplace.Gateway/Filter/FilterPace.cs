namespace Marketplace.Gateway.Filter;

/// <summary>When the filter commits.</summary>
/// <param name="Interval">
/// A commit begins no sooner than this after the one before began, by the machine's own clock, unless it is full or the last; zero:
/// as soon as that one has ended.
/// </param>
/// <param name="MaxBytes">An output is not filled beyond this; with one under way and one being filled it bounds the memory.</param>
public sealed record FilterPace(TimeSpan Interval, long MaxBytes)
{
    public static FilterPace Default { get; } = new(TimeSpan.Zero, 4 * 1024 * 1024);

    /// <summary>
    /// On a cluster a commit is several round trips and a marker for each partition, so there are fewer and larger ones: under
    /// load as large as a producer's queue has room for, otherwise no more than twenty a second: brokers that serve forty let a POST wait longer.
    /// </summary>
    public static FilterPace OnCluster { get; } = new(TimeSpan.FromMilliseconds(50), 64 * 1024 * 1024);
}
