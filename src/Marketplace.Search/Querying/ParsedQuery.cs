using Marketplace.Search.Analysis;

namespace Marketplace.Search.Querying;

/// <param name="Kind">Word or number.</param>
internal sealed record QueryPart(string Text, TokenKind Kind);

/// <summary>A run of the query without spaces, as written: one word, or several parts that belong together (<c>iphone15</c>, <c>wi-fi</c>).</summary>
/// <param name="Joined">All parts as one, null when there is only one.</param>
/// <param name="IsOpen">It ends the query without a space behind: its last word may not be complete.</param>
internal sealed record QueryChunk(IReadOnlyList<QueryPart> Parts, QueryPart? Joined, bool IsOpen);

/// <summary>A query in its parts.</summary>
internal sealed record ParsedQuery(IReadOnlyList<QueryChunk> Chunks, IReadOnlyList<IReadOnlyList<QueryPart>> Phrases, IReadOnlyList<QueryChunk> Excluded)
{
    /// <summary>True when nothing but spaces was typed: all products are asked for.</summary>
    public bool IsBlank { get; init; }
}
