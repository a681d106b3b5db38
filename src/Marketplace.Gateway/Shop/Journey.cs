using System.ComponentModel.DataAnnotations;

namespace Marketplace.Gateway.Shop;

/// <summary>A product's way through the gateway, as far as it has come.</summary>
/// <param name="Searchable">Null until clients can find this version.</param>
/// <param name="Mirrored">Null while no mirror runs.</param>
public sealed record Journey(string ProductId, AcceptedStep Accepted, VerdictStep Verdict, SearchableStep? Searchable, MirroredStep? Mirrored);

public sealed record AcceptedStep(int Partition, long Offset, DateTimeOffset At);

/// <param name="BanList">The position of the banned list that this follows from.</param>
public sealed record VerdictStep(
    [property: AllowedValues("passed", "banned", "withdrawn")] string Status, string? Ban, string? Reason, long BanList, DateTimeOffset AsOf);

public sealed record SearchableStep(DateTimeOffset Since);

/// <param name="Offset">Every record of the product's partition before this stands in the second cluster.</param>
/// <param name="Product">This version of the product does.</param>
public sealed record MirroredStep(long Offset, bool Product);
