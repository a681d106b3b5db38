namespace Marketplace.Gateway.Filter;

/// <summary>When the filter commits.</summary>
/// <param name="Interval">A commit begins no sooner than this after the one before began; zero: as soon as that one has ended.</param>
/// <param name="MaxBytes">An output is not filled beyond this; with one under way and one being filled it bounds the memory.</param>
public sealed record FilterPace(TimeSpan Interval, long MaxBytes)
{
    public static FilterPace Default { get; } = new(TimeSpan.Zero, 4 * 1024 * 1024);
}
