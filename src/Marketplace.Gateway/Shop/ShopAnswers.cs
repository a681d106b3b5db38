using System.ComponentModel.DataAnnotations;
using Marketplace.Gateway.Banned;

namespace Marketplace.Gateway.Shop;

// The shapes of the shops' answers, for the OpenAPI document: those of POST /shop/products are written without objects.

/// <summary>The answer of <c>POST /shop/products/check</c>.</summary>
/// <param name="Errors">By field path; empty when valid.</param>
/// <param name="Ban">The ban that would hit it, or null.</param>
public sealed record CheckAnswer(string? ProductId, bool Valid, IReadOnlyDictionary<string, string[]> Errors, BanAnswer? Ban);

/// <summary>Where an accepted product stands in <c>shop-products</c>.</summary>
public sealed record ReceiptAnswer(string ProductId, int Partition, long Offset);

/// <param name="Results">Each in the order sent; of more than 10,000 lines only what was refused, the first 1,000.</param>
public sealed record IngestionAnswer(long Accepted, long Rejected, IReadOnlyList<IngestionResultAnswer> Results);

/// <param name="Status"><c>accepted</c>, with partition and offset, or <c>rejected</c>, with errors.</param>
public sealed record IngestionResultAnswer(
    long Index, string? ProductId, [property: AllowedValues("accepted", "rejected")] string Status, int? Partition, long? Offset, IReadOnlyDictionary<string, string[]>? Errors);
