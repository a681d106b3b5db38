using Marketplace.Search.Ranking;
using Marketplace.Search.Suggesting;
using Marketplace.Search.Synonyms;

namespace Marketplace.Search;

/// <summary>How popular a product is among clients.</summary>
public interface IPopularity
{
    /// <summary>From 0, unknown, to 1, the most popular. Must be quick and safe for concurrent use.</summary>
    float Of(string productId);
}

public sealed record SearchIndexOptions
{
    public RankingOptions Ranking { get; init; } = new();

    /// <summary>Where products' bytes are kept in files, so that they take no memory; in memory when null. Emptied by a new index; <see cref="SearchIndex.Load"/> goes on with the files of its snapshot.</summary>
    public string? SourceFolder { get; init; }

    public SynonymTable Synonyms { get; init; } = SynonymTable.Default;

    public IPopularity? Popularity { get; init; }

    /// <summary>What clients searched, for suggestions; none when null.</summary>
    public QueryCompletions? Queries { get; init; }

    /// <summary>Products collected before they are sealed into a segment without waiting for <see cref="SearchIndex.Publish"/>.</summary>
    public int BufferedProducts { get; init; } = 16_384;

    /// <summary>Segments that are merged into one of the next size.</summary>
    public int MergeFactor { get; init; } = 8;

    /// <summary>Above this the writer waits for merges.</summary>
    public int MaxSegments { get; init; } = 48;

    /// <summary>How many values of a facet are returned.</summary>
    public int FacetValues { get; init; } = 50;

    /// <summary>
    /// Postings that a query has to read, with as much again for each facet that it counts, from which on its work is shared among processors:
    /// for less, waking one costs more than it saves.
    /// </summary>
    internal long SharedWork { get; init; } = 98_304;

    /// <summary>Products that a processor takes at a time of a query that is shared.</summary>
    internal int SharedRange { get; init; } = 2 * Segments.Window.Size;
}
