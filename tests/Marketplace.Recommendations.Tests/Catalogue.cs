using System.Text;
using Marketplace.Products;

namespace Marketplace.Recommendations.Tests;

/// <summary>Products and events for tests.</summary>
internal static class Catalogue
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Words = ["часы", "умные", "наушники", "телефон", "чехол", "кабель", "чайник", "лампа", "синий", "чёрный", "большой", "мини", "Pro", "Max", "Lite", "16"];

    public static ProductDocument Product(string id, string name = "Товар", string? category = null, string? brand = null, long? available = null, params string[] tags) =>
        new() { Id = id, Name = name, Category = category, Brand = brand, Available = available, Tags = tags };

    public static ProductDocument RandomProduct(Random random, string id) => Product(
        id,
        string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Words[random.Next(Words.Length)])),
        random.Next(4) == 0 ? null : $"Категория {random.Next(5)}",
        random.Next(4) == 0 ? null : $"Бренд {random.Next(8)}",
        random.Next(6) == 0 ? 0 : random.Next(3) == 0 ? 5 : null,
        [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"метка{random.Next(6)}")]);

    public static void Do(this RecommendationModel model, ClientEventKind kind, string user, string product, DateTimeOffset? at = null, int rating = 0) =>
        model.Apply(new ClientEvent
        {
            Kind = kind,
            UserId = Encoding.UTF8.GetBytes(user),
            ProductId = Encoding.UTF8.GetBytes(product),
            OccurredAt = (at ?? Now).ToUnixTimeMilliseconds(),
            Rating = rating,
        });

    public static string[] Ids(this IReadOnlyList<Recommendation> list) => [.. list.Select(r => r.ProductId)];
}
