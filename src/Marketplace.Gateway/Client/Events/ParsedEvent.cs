using Marketplace.Recommendations;

namespace Marketplace.Gateway.Client.Events;

/// <summary>A client's event as read from its JSON; identifiers are UTF-8, slices of what was read where they hold no escapes.</summary>
internal struct ParsedEvent
{
    public ReadOnlyMemory<byte> EventId;
    public ReadOnlyMemory<byte> UserId;
    public ReadOnlyMemory<byte> SessionId;
    public ReadOnlyMemory<byte> ProductId;

    /// <summary>The search it came from; empty: none named.</summary>
    public ReadOnlyMemory<byte> QueryId;

    public ClientEventKind Kind;

    /// <summary>Units; 0: not said.</summary>
    public int Quantity;

    /// <summary>1 to 5; 0: not said.</summary>
    public int Rating;

    /// <summary>Of one unit; null: not said.</summary>
    public decimal? Price;

    public Currency Currency;

    /// <summary>Milliseconds since the Unix epoch, by the client's clock.</summary>
    public long OccurredAt;

    /// <summary>Who did it, as the key of the log's record: the user, or the session of nobody known.</summary>
    public readonly ReadOnlyMemory<byte> Client => UserId.IsEmpty ? SessionId : UserId;

    /// <summary>
    /// When it counts as having happened: an event from the future as of its receipt, a late one, however late, as of its own time.
    /// </summary>
    public readonly long TimeFor(long receivedAt) => Math.Min(OccurredAt, receivedAt);
}

/// <summary>Three letters in one number.</summary>
internal readonly record struct Currency(int Packed)
{
    public static Currency Default { get; } = Of("RUB"u8);

    public static Currency Of(ReadOnlySpan<byte> letters) =>
        new(((letters[0] & ~0x20) << 16) | ((letters[1] & ~0x20) << 8) | (letters[2] & ~0x20));

    public override string ToString() => string.Create(3, Packed, static (text, packed) =>
    {
        (text[0], text[1], text[2]) = ((char)((packed >> 16) & 0xff), (char)((packed >> 8) & 0xff), (char)(packed & 0xff));
    });
}
