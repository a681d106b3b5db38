namespace Marketplace.Gateway.ReadModels;

/// <summary>How long, and how many, snapshots of the search index are held for those who page through an answer.</summary>
public sealed record PagingOptions
{
    /// <summary>After the last search that a snapshot answered.</summary>
    public TimeSpan HoldFor { get; init; } = TimeSpan.FromMinutes(2);

    public int MaxHeld { get; init; } = 256;
}
