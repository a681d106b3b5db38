namespace Marketplace.Gateway.Filter;

/// <summary>When the filter commits, and whom it lets go first.</summary>
/// <param name="Interval">
/// A commit begins no sooner than this after the one before began, by the machine's own clock, unless it is full or the last; zero:
/// as soon as that one has ended.
/// </param>
/// <param name="MaxBytes">An output is not filled beyond this; with one under way and one being filled it bounds the memory.</param>
/// <param name="GivesWayFor">
/// When the processor is short, requests are accepted first and judged a moment later: as long as what is judged is no older than
/// this, and nobody waits for it. Zero: never.
/// </param>
public sealed record FilterPace(TimeSpan Interval, long MaxBytes, TimeSpan GivesWayFor)
{
    public static FilterPace Default { get; } = new(TimeSpan.Zero, 4 * 1024 * 1024, TimeSpan.FromSeconds(2));

    /// <summary>
    /// On a cluster a commit is several round trips and a marker for each partition, so there are fewer and larger ones: under
    /// load as large as a producer's queue has room for, otherwise no more than twenty a second: brokers that serve forty let a POST wait longer. Nobody is given way to: most of
    /// the work is the brokers'.
    /// </summary>
    public static FilterPace OnCluster { get; } = new(TimeSpan.FromMilliseconds(50), 64 * 1024 * 1024, TimeSpan.Zero);
}
