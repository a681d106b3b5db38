using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marketplace.Products;

namespace Marketplace.Search.Tests;

/// <summary>Small random products over few words, so that words, forms, phrases and ties meet often.</summary>
internal sealed class RandomCatalog(int seed)
{
    public static readonly string[] Words =
    [
        "часы", "часов", "умные", "умный", "ёлка", "елка", "елки", "iphone15", "iPhone 15", "wi-fi", "wifi", "phone", "phones", "case",
        "чехол", "чехлы", "для", "the", "телефон", "телефона", "5.5", "16гб", "16", "гб", "TN-2110", "красный", "samsung", "Самсунг",
    ];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Random Random { get; } = new(seed);

    public string Text(int most) => string.Join(Random.Next(4) == 0 ? ", " : " ", Enumerable.Range(0, Random.Next(1, most + 1)).Select(_ => Pick(Words)));

    public string Id() => $"p{Random.Next(120)}";

    public (ProductDocument Product, byte[] Source) Product(string id)
    {
        var json = new JsonObject { ["product_id"] = id, ["name"] = Text(5) };
        Maybe(() => json["description"] = Text(30));
        Maybe(() => json["brand"] = Pick(["Samsung", "Apple", "Ёлка"]));
        Maybe(() => json["category"] = Pick(["Телефоны", "Часы", "Чехлы для телефонов"]));
        Maybe(() => json["store_id"] = Pick(["s1", "s2"]));
        Maybe(() => json["sku"] = $"SKU-{Random.Next(20)}");
        Maybe(() => json["tags"] = new JsonArray(Text(1), Text(2)));
        Maybe(() => json["price"] = new JsonObject { ["amount"] = Amount(), ["currency"] = Pick(["RUB", "RUB", "RUB", "USD", "EUR", "KZT", "CNY"]) });
        Maybe(() => json["stock"] = new JsonObject { ["available"] = Random.Next(3) });
        Maybe(() => json["specifications"] = new JsonObject { ["Цвет"] = Pick(["красный", "синий"]), ["memory"] = Random.Next(3) });
        var source = Encoding.UTF8.GetBytes(json.ToJsonString(Plain));
        ProductReader.TryRead(source, out var product);
        return (product!, source);
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[Random.Next(from.Count)];

    /// <summary>Words as they are, mistyped, on the other layout, transliterated; phrases, words left out, prefixes, ids, SKUs; with any filter and order.</summary>
    public SearchQuery Query()
    {
        var text = Random.Next(11) switch
        {
            0 => "",
            1 => $"\"{Text(3)}\" {Text(1)}",
            2 => $"{Text(2)} -{Pick(Words)}",
            3 => string.Concat(Pick(Words).Take(Random.Next(1, 4))),
            4 => Id(),
            5 => $"sku {Random.Next(20)}",
            6 => $"{Mistyped(Pick(Words))} {Text(1)}",
            7 => $"{Text(1)} {Mistyped(Pick(Words))}",
            8 => Pick(["xfcs", "xt[jk", "цшаш", "чехол xfcs", "chehol", "telefon chasy", "сасунг айфон", "смарт часы", "смарт вотч", "wi fi", "caseчехол"]),
            _ => Text(4) + (Random.Next(2) == 0 ? " " : ""),
        };
        return new SearchQuery
        {
            Text = text,
            Limit = Random.Next(1, 30),
            Offset = Random.Next(3) == 0 ? Random.Next(20) : 0,
            Category = Random.Next(4) == 0 ? "часы" : null,
            Brand = Random.Next(4) == 0 ? Pick(["samsung", "apple", "none"]) : null,
            StoreId = Random.Next(5) == 0 ? "s1" : null,
            MinPrice = Random.Next(5) == 0 ? Random.Next(200) : null,
            MaxPrice = Random.Next(5) == 0 ? Random.Next(250) : null,
            InStock = Random.Next(4) == 0,
            Sort = Pick(Enum.GetValues<SearchSort>()),
            Facets = ["category", "brand", "store_id", "price", "цвет"],
        };
    }

    /// <summary>Mostly usual ones; some with three decimals, some very large.</summary>
    private decimal Amount() => Random.Next(8) switch
    {
        0 => Random.Next(4_000) / 1000m,
        1 => Random.Next(1, 500) * 100_000m,
        _ => Random.Next(1, 500) / 2m,
    };

    private string Mistyped(string word)
    {
        var at = Random.Next(word.Length);
        return Random.Next(3) switch
        {
            0 => word.Remove(at, 1),
            1 => word.Insert(at, Pick(["о", "а", "e"])),
            _ => string.Concat(word.AsSpan(0, at), Pick(["и", "a", "х"]), word.AsSpan(at + 1)),
        };
    }

    private void Maybe(Action action)
    {
        if (Random.Next(3) > 0)
        {
            action();
        }
    }
}
