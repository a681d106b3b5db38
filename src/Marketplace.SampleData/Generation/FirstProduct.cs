namespace Marketplace.SampleData.Generation;

/// <summary>The product that every example of the documentation speaks of; always the first of the catalogue.</summary>
internal static class FirstProduct
{
    public const long Id = 12345;

    public static ReadOnlySpan<byte> Json =>
        "{\"product_id\":\"12345\",\"name\":\"Умные часы XYZ\",\"category\":\"Умные часы\",\"brand\":\"XYZ\","u8 +
        "\"price\":{\"amount\":4990,\"currency\":\"RUB\"},\"stock\":{\"available\":150,\"reserved\":20},"u8 +
        "\"sku\":\"WCH-012345\",\"store_id\":\"store_001\",\"tags\":[\"умные часы\",\"гаджеты\",\"спорт\"],"u8 +
        "\"images\":[{\"url\":\"https://img.example.com/smart-watches/12345-1.jpg\",\"alt\":\"Умные часы XYZ — вид спереди\"},"u8 +
        "{\"url\":\"https://img.example.com/smart-watches/12345-2.jpg\",\"alt\":\"Умные часы XYZ — вид сбоку\"}],"u8 +
        "\"specifications\":{\"color\":\"чёрный\",\"battery_days\":7,\"water_resistance\":\"5 ATM\",\"weight_g\":42,\"gps\":true},"u8 +
        "\"created_at\":\"2025-10-01T12:00:00Z\",\"updated_at\":\"2025-10-10T15:30:00Z\",\"index\":\"products\","u8 +
        "\"description\":\"Лёгкие и прочные умные часы XYZ для бега и плавания. Заряда хватает на 7 дней.\"}"u8;
}
