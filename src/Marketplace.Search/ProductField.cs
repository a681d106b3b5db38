namespace Marketplace.Search;

/// <summary>The fields that words are looked for in.</summary>
public enum ProductField : byte
{
    Name,
    Brand,
    Category,
    Tags,
    Sku,
    Specifications,
    Description,
}
