namespace Marketplace.Search.Analysis;

internal enum TokenKind : byte
{
    /// <summary>Letters only.</summary>
    Word,

    /// <summary>Digits, perhaps with a decimal point.</summary>
    Number,

    /// <summary>A chunk of several parts written together without its connectors: <c>iphone15</c>, <c>wifi</c>.</summary>
    Joined,
}

/// <param name="Start">Where its folded text begins in <see cref="Tokenizer.Text"/>.</param>
/// <param name="Position">Its place among the words of the text; a joined token has the place of its first part.</param>
/// <param name="Chunk">Which run of text without spaces it belongs to.</param>
/// <param name="SourceStart">Where it begins in the text as given.</param>
/// <param name="SourceEnd">Where it ends in the text as given.</param>
internal readonly record struct Token(int Start, int Length, TokenKind Kind, int Position, int Chunk, int SourceStart, int SourceEnd)
{
    /// <summary>It is one of several parts of a run, which is emitted as a whole besides.</summary>
    public bool IsPart { get; init; }
}
