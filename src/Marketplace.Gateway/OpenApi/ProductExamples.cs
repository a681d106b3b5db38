using Marketplace.Gateway.Ingestion;

namespace Marketplace.Gateway.OpenApi;

/// <summary>Products to try the gateway with: sent, they are found by the example of the search.</summary>
internal static class ProductExamples
{
    private const string Short = """{"product_id":"12345","name":"Умные часы XYZ"}""";

    private const string Long = """
        {
          "product_id": "12346",
          "name": "Умные часы XYZ Pro",
          "description": "Водонепроницаемые часы с измерением пульса и GPS.",
          "price": {"amount": 12990.00, "currency": "RUB"},
          "category": "Умные часы",
          "brand": "XYZ",
          "stock": {"available": 25, "reserved": 2},
          "sku": "XYZ-PRO-1",
          "tags": ["часы", "спорт"],
          "images": [{"url": "https://example.com/xyz-pro.jpg", "alt": "Вид спереди"}],
          "specifications": {"Диагональ экрана": "1.4\"", "Защита": "IP68"},
          "created_at": "2026-01-31T12:00:00Z",
          "updated_at": "2026-02-01T12:00:00Z",
          "index": "products",
          "store_id": "store-1"
        }
        """;

    public static ParameterExample Id { get; } = new("id", "12345");

    public static BodyExample One { get; } = new("one", Short);

    public static BodyExample Full { get; } = new("full", Long);

    public static BodyExample Array { get; } = new("array", $"[{Short},{Long}]");

    public static BodyExample Lines { get; } = new("lines", Short + "\n" + """{"product_id":"12347","name":"Ремешок для часов XYZ"}""" + "\n", RecordIngestion.Ndjson);
}
