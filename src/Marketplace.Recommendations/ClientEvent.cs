namespace Marketplace.Recommendations;

/// <summary>What a client did with a product.</summary>
public enum ClientEventKind : byte
{
    View,
    AddToCart,
    RemoveFromCart,
    Purchase,
    Review,
}

/// <summary>One action of a client; identifiers in UTF-8, so that reading one from JSON makes no object.</summary>
public readonly ref struct ClientEvent
{
    public required ClientEventKind Kind { get; init; }

    /// <summary>Who it was; when empty, <see cref="SessionId"/> is.</summary>
    public ReadOnlySpan<byte> UserId { get; init; }

    /// <summary>Counts only while there is no <see cref="UserId"/>: the two are never joined.</summary>
    public ReadOnlySpan<byte> SessionId { get; init; }

    public required ReadOnlySpan<byte> ProductId { get; init; }

    /// <summary>Milliseconds since the Unix epoch, by the client's clock.</summary>
    public required long OccurredAt { get; init; }

    /// <summary>
    /// Milliseconds since the Unix epoch, by the log's clock; 0: unknown. An event from the future counts as of this instant,
    /// a late one as of its own, but in the order of the log.
    /// </summary>
    public long ReceivedAt { get; init; }

    /// <summary>Units; 0 counts as 1.</summary>
    public int Quantity { get; init; }

    /// <summary>1 to 5 of a review; 0: none given.</summary>
    public int Rating { get; init; }
}
