namespace Marketplace.Products.Validation;

/// <summary>The fields that have rules, as a set.</summary>
[Flags]
internal enum ProductField
{
    None = 0,
    ProductId = 1 << 0,
    Name = 1 << 1,
    Description = 1 << 2,
    Price = 1 << 3,
    Category = 1 << 4,
    Brand = 1 << 5,
    Stock = 1 << 6,
    Sku = 1 << 7,
    Tags = 1 << 8,
    Images = 1 << 9,
    Specifications = 1 << 10,
    CreatedAt = 1 << 11,
    UpdatedAt = 1 << 12,
    Index = 1 << 13,
    StoreId = 1 << 14,

    Required = ProductId | Name,
}

internal static class ProductFields
{
    /// <summary>The field of this name (unescaped UTF-8), or <see cref="ProductField.None"/>.</summary>
    public static ProductField Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        3 when name.SequenceEqual("sku"u8) => ProductField.Sku,
        4 when name.SequenceEqual("name"u8) => ProductField.Name,
        4 when name.SequenceEqual("tags"u8) => ProductField.Tags,
        5 when name.SequenceEqual("price"u8) => ProductField.Price,
        5 when name.SequenceEqual("brand"u8) => ProductField.Brand,
        5 when name.SequenceEqual("stock"u8) => ProductField.Stock,
        5 when name.SequenceEqual("index"u8) => ProductField.Index,
        6 when name.SequenceEqual("images"u8) => ProductField.Images,
        8 when name.SequenceEqual("category"u8) => ProductField.Category,
        8 when name.SequenceEqual("store_id"u8) => ProductField.StoreId,
        10 when name.SequenceEqual("product_id"u8) => ProductField.ProductId,
        10 when name.SequenceEqual("created_at"u8) => ProductField.CreatedAt,
        10 when name.SequenceEqual("updated_at"u8) => ProductField.UpdatedAt,
        11 when name.SequenceEqual("description"u8) => ProductField.Description,
        14 when name.SequenceEqual("specifications"u8) => ProductField.Specifications,
        _ => ProductField.None,
    };
}
