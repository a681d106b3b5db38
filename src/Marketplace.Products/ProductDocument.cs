namespace Marketplace.Products;

/// <summary>
/// A product as search and recommendations see it: the contract's fields, read once from the shop's bytes by
/// <see cref="ProductReader"/>. A field of the wrong type counts as absent; validation is done before, at the border.
/// </summary>
public sealed class ProductDocument
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public string? Category { get; init; }

    public string? Brand { get; init; }

    public string? Sku { get; init; }

    public string? StoreId { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public Price? Price { get; init; }

    /// <summary>Units a client can buy; null when the shop does not say.</summary>
    public long? Available { get; init; }

    /// <summary>Scalar specifications in the order sent; nested ones by a dotted path, list members one by one.</summary>
    public IReadOnlyList<Specification> Specifications { get; init; } = [];

    /// <summary>True when the shop says that units are available.</summary>
    public bool IsInStock => Available > 0;

    /// <summary>True when the shop says that none is available; a shop that says nothing has not sold out.</summary>
    public bool IsSoldOut => Available <= 0;
}

/// <summary>What is shown of a product as text.</summary>
public sealed record ProductTexts(string Id, string Name, string? Brand, string? Category, string? Description);

/// <param name="Currency">ISO 4217, upper case; RUB when the shop names none.</param>
public readonly record struct Price(decimal Amount, string Currency)
{
    public const string DefaultCurrency = "RUB";
}

public readonly record struct Specification(string Name, string Value);
