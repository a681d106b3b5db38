namespace Marketplace.Gateway.Filter;

/// <summary>When the filter commits.</summary>
/// <param name="Interval">A commit begins no sooner than this after the one before began; zero: as soon as that one has ended.</param>
/// <param name="MaxBytes">An output is not filled beyond this; with one under way and one being filled it bounds the memory.</param>
public sealed record FilterPace(TimeSpan Interval, long MaxBytes)
{
    public static FilterPace Default { get; } = new(TimeSpan.Zero, 4 * 1024 * 1024);

    /// <summary>On a cluster a commit is several round trips, so under load there are fewer and larger ones.</summary>
    public static FilterPace OnCluster { get; } = new(TimeSpan.Zero, 16 * 1024 * 1024);
}
