using System.ComponentModel.DataAnnotations;

namespace Marketplace.Gateway.Client.Events;

// The shapes of events and of the answers to them, for the OpenAPI document: both are read and written without objects.

/// <summary>What a client did. One of <c>user_id</c> and <c>session_id</c> is required.</summary>
/// <param name="EventId">1 to 128 characters; the same again counts once.</param>
/// <param name="Price">Of one unit: a number (RUB), or <c>{amount, currency}</c>.</param>
/// <param name="QueryId">The search it came from.</param>
/// <param name="OccurredAt">A late event counts for its own time, one from the future for the time it came.</param>
public sealed record EventBody(
    string EventId,
    [property: AllowedValues("view", "add_to_cart", "remove_from_cart", "purchase", "review")] string Type,
    string? UserId,
    string? SessionId,
    string ProductId,
    [property: Range(1, EventParser.MaxQuantity)] int? Quantity,
    EventPrice? Price,
    [property: Range(1, EventParser.MaxRating)] int? Rating,
    string? Text,
    string? QueryId,
    DateTimeOffset OccurredAt);

public sealed record EventPrice(decimal Amount, string? Currency);

/// <summary>Where the event stands in <c>client-events</c>, or its first copy does.</summary>
public sealed record EventReceiptAnswer(string EventId, [property: AllowedValues("accepted", "duplicate")] string Status, int Partition, long Offset);

/// <param name="Results">Each in the order sent; of more than 10,000 lines only what was refused, the first 1,000.</param>
public sealed record EventIngestionAnswer(long Accepted, long Duplicates, long Rejected, IReadOnlyList<EventResultAnswer> Results);

/// <param name="Status"><c>rejected</c> with errors, the others with partition and offset.</param>
public sealed record EventResultAnswer(
    long Index, string? EventId, [property: AllowedValues("accepted", "duplicate", "rejected")] string Status, int? Partition, long? Offset, IReadOnlyDictionary<string, string[]>? Errors);
