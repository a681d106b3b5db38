using System.Text.Json;

namespace Marketplace.Products.Validation;

/// <summary>
/// A product as parsed, with nothing yet said about its types. A field that is absent or null is
/// <see cref="JsonValueKind.Undefined"/>.
/// </summary>
internal sealed class ProductDraft
{
    private static readonly string[] Names =
    [
        "product_id", "name", "description", "price", "category", "brand", "stock", "sku", "tags", "images",
        "specifications", "created_at", "updated_at", "index", "store_id",
    ];

    private readonly Dictionary<string, JsonElement> _fields;
    private readonly Dictionary<string, JsonElement> _price;
    private readonly Dictionary<string, JsonElement> _stock;

    public ProductDraft(JsonElement product)
    {
        _fields = FieldsOf(product, Names, "", Repeated);
        _price = FieldsOf(Field(_fields, "price"), ["amount", "currency"], "price.", Repeated);
        _stock = FieldsOf(Field(_fields, "stock"), ["available", "reserved"], "stock.", Repeated);
    }

    /// <summary>Paths of known fields that are given more than once: readers would not agree on which counts.</summary>
    public List<string> Repeated { get; } = [];

    public JsonElement ProductId => Field(_fields, "product_id");

    public JsonElement Name => Field(_fields, "name");

    public JsonElement Description => Field(_fields, "description");

    public JsonElement Price => Field(_fields, "price");

    public JsonElement PriceAmount => Field(_price, "amount");

    public JsonElement PriceCurrency => Field(_price, "currency");

    public JsonElement Category => Field(_fields, "category");

    public JsonElement Brand => Field(_fields, "brand");

    public JsonElement Stock => Field(_fields, "stock");

    public JsonElement StockAvailable => Field(_stock, "available");

    public JsonElement StockReserved => Field(_stock, "reserved");

    public JsonElement Sku => Field(_fields, "sku");

    public JsonElement Tags => Field(_fields, "tags");

    public JsonElement Images => Field(_fields, "images");

    public JsonElement Specifications => Field(_fields, "specifications");

    public JsonElement CreatedAt => Field(_fields, "created_at");

    public JsonElement UpdatedAt => Field(_fields, "updated_at");

    public JsonElement Index => Field(_fields, "index");

    public JsonElement StoreId => Field(_fields, "store_id");

    /// <summary>The known fields of an object; empty when it is none.</summary>
    public static Dictionary<string, JsonElement> FieldsOf(JsonElement value, string[] known, string path, List<string> repeated)
    {
        var fields = new Dictionary<string, JsonElement>();
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                var name = Array.Find(known, property.NameEquals);
                if (name is not null && !fields.TryAdd(name, property.Value))
                {
                    repeated.Add(path + name);
                }
            }
        }

        return fields;
    }

    public static JsonElement Field(Dictionary<string, JsonElement> fields, string name) =>
        fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;
}
