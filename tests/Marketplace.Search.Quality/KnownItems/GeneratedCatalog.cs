using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Marketplace.Search.Quality.KnownItems;

/// <summary>
/// Products of real words with believable frequencies and lengths, about 450 bytes each. A product is a pure function of the seed and
/// its number. An instance serves one thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The JSON writer writes to buffers of the callers and holds nothing to release.")]
internal sealed class GeneratedCatalog
{
    private const int Brands = 4_000;
    private const int Categories = 400;
    private const int RussianPercent = 65;

    private static readonly string[] Syllables = ["ka", "ro", "mi", "te", "sol", "vi", "den", "lu", "xo", "bar", "ne", "gri", "sa", "pol", "zen", "fi", "tor", "ma", "qu", "ly"];
    private static readonly string[] RussianColours = ["чёрный", "зелёный", "жёлтый", "тёмный", "лёгкий", "тёплый", "шёлковый", "белый", "красный", "синий"];
    private static readonly string[] EnglishColours = ["black", "green", "yellow", "white", "red", "blue", "grey"];
    private static readonly (string Russian, string English)[] Units = [("гб", "gb"), ("мл", "ml"), ("см", "cm"), ("вт", "w"), ("шт", "pcs")];

    private readonly int _seed;
    private readonly string[] _brands;
    private readonly string[][] _categories;
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public GeneratedCatalog(WordStock russian, WordStock english, int seed)
    {
        (Russian, English, _seed) = (russian, english, seed);
        var random = new Random(seed);
        _brands = [.. Enumerable.Range(0, Brands).Select(_ => Capital(string.Concat(random.GetItems(Syllables, random.Next(2, 4))))).Distinct()];
        _categories = [.. new[] { russian, english }.Select(words => Enumerable.Range(0, Categories).Select(_ => Capital($"{words.Pick(random)} {words.Pick(random)}")).ToArray())];
    }

    /// <summary>Of the words of the Snowball project's vocabularies.</summary>
    public static GeneratedCatalog Read(string russianPath, string englishPath, int seed) =>
        new(new WordStock(File.ReadLines(russianPath), seed), new WordStock(File.ReadLines(englishPath), seed + 1), seed);

    public WordStock Russian { get; }

    public WordStock English { get; }

    public static string ProductId(int index) => $"g{index}";

    public bool IsRussian(int index) => Dice(index).Next(100) < RussianPercent;

    /// <summary>The words of the name that are words, in its order: without brand, model and size.</summary>
    public IReadOnlyList<string> NameWords(int index) => Roll(index, out _);

    public void Write(IBufferWriter<byte> output, int index)
    {
        var words = Roll(index, out var random);
        var isRussian = IsRussian(index);
        var stock = isRussian ? Russian : English;
        var brand = Skewed(_brands, random);
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("product_id"u8, ProductId(index));
        _json.WriteString("name"u8, Name(words, brand, isRussian, random));
        _json.WriteString("category"u8, Skewed(_categories[isRussian ? 0 : 1], random));
        _json.WriteString("brand"u8, brand);
        _json.WriteStartObject("price"u8);
        _json.WriteNumber("amount"u8, Math.Max(1, (int)Math.Exp(4 + (random.NextDouble() * 7))));
        _json.WriteString("currency"u8, random.Next(10) == 0 ? "USD"u8 : "RUB"u8);
        _json.WriteEndObject();
        _json.WriteStartObject("stock"u8);
        _json.WriteNumber("available"u8, random.Next(12) == 0 ? 0 : random.Next(1, 300));
        _json.WriteEndObject();
        _json.WriteString("sku"u8, $"{(char)('A' + random.Next(26))}{(char)('A' + random.Next(26))}-{index:D6}");
        _json.WriteString("store_id"u8, $"store_{Math.Min(random.Next(200), random.Next(200)):D3}");
        _json.WriteStartObject("specifications"u8);
        _json.WriteString("color"u8, random.GetItems(isRussian ? RussianColours : EnglishColours, 1)[0]);
        _json.WriteNumber("weight_g"u8, random.Next(1, 100) * 10);
        _json.WriteEndObject();
        _json.WriteString("description"u8, string.Join(' ', Enumerable.Range(0, random.Next(4, 14)).Select(_ => stock.Pick(random))));
        _json.WriteEndObject();
        _json.Flush();
    }

    private static string Name(IReadOnlyList<string> words, string brand, bool isRussian, Random random)
    {
        var name = $"{Capital(string.Join(' ', words))} {brand}";
        if (random.Next(10) < 6)
        {
            name += $" {(char)('A' + random.Next(26))}{random.Next(1, 999)}";
        }

        if (random.Next(10) < 3)
        {
            var unit = Units[random.Next(Units.Length)];
            name += $", {1 << random.Next(10)}{(random.Next(2) == 0 ? " " : "")}{(isRussian ? unit.Russian : unit.English)}";
        }

        return name;
    }

    private List<string> Roll(int index, out Random random)
    {
        random = Dice(index);
        var isRussian = random.Next(100) < RussianPercent;
        var stock = isRussian ? Russian : English;
        var words = new List<string>();
        for (var left = random.Next(3, 6); left > 0;)
        {
            var word = stock.Pick(random);
            if (!words.Contains(word))
            {
                words.Add(word);
                left--;
            }
        }

        if (random.Next(3) == 0)
        {
            words.Insert(0, random.GetItems(isRussian ? RussianColours : EnglishColours, 1)[0]);
        }

        return words;
    }

    // Consecutive seeds of .NET's generator are related in their first numbers; a hash takes that away.
    private Random Dice(int index) => new(unchecked((int)(((ulong)(uint)index * 0x9E3779B97F4A7C15 + (uint)_seed) >> 33)));

    /// <summary>The first ones more often.</summary>
    private static string Skewed(string[] from, Random random) => from[(int)(Math.Pow(random.NextDouble(), 3) * from.Length)];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
