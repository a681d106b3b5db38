using System.Globalization;
using System.Text;

namespace Marketplace.Gateway.Tests.Products;

/// <summary>Seeded products as text: mostly right, often with something wrong, in every way of writing JSON allows.</summary>
internal sealed class RandomProducts(int seed)
{
    // The usual comes first and is picked most.
    private static readonly string[] Texts =
    [
        "12345", "Умные часы XYZ", "a/b", "100%", "\\u0041", "\\u0443\\u043c", "\\ud83d\\ude00", "😀", "é", "\u00a0", "\\\"", "\\\\", "\\/", "\\n", "RUB", "...",
        "", ".", "..", "rule:x", "\\ud83d", "\\ude00", "\\ud83d\\u0041", "\\ud83dx\\ude00", "\\ude00\\ud83d", "\u0085", "\u007f", "\\u0007", "\\u0085",
    ];

    private static readonly string[] Currencies = ["RUB", "usd", "EUR", "\\u0052UB", "RU", "RUBL", "Руб", "R6B", ""];

    private static readonly string[] Numbers =
    [
        "0", "1", "12990", "9223372036854775807", "12990.50", "1e3", "1E+3", "1e-3", "1e2", "5.0", "0.0", "-0", "1e-400", "0.1234567890123456789012345678901234567890", "79228162514264337593543950335",
        "-1", "-0.5", "1e400", "79228162514264337593543950336", "9223372036854775808", "-9223372036854775809",
    ];

    private static readonly string[] Addresses =
    [
        "https://example.com/a.jpg", "http://example.com", "HTTP://EXAMPLE.COM", "https://пример.рф/х.png", "https://example.com:8080/x", "http://1.2.3.4/", "https://a.com/%zz", "https://a.com/%", "https://user@host/",
        "https://a.com/\\u0041", "http://a", "https://a.com#x", "https://a.com?x", "https://a.com/?q=#", "https://xn--e1afmkfd.xn--p1ai/", "https://a.com.", "https://a.com./x", "http://a_b.com", "https://a.com/[x]",
        "https://example.com:99999/x", "http://1.2.3.999/", "https://-a.com", "https://a-.com", "https://a..b", "https://a.com/ x", "ftp://example.com/a", "/a.jpg", "example.com", "https://", "http:///a", "https://a b", "//a.com", "javascript:alert(1)",
    ];

    private static readonly string[] Instants =
    [
        "2026-01-31T12:00:00Z", "2026-01-31", "2026-01-31T12:00:00+03:00", "2026-01-31T12:00:00.1234567Z", "2026-01-31T12:00Z", "\\u0032026-01-31", "9999-12-31T23:59:59Z", "0001-01-01",
        "2026-02-30", "31.01.2026", "20260131", "2026-01-31 12:00:00", "2026-01-31T24:00:00", "yesterday", "2026-1-1",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A product; <paramref name="wrongness"/> of a hundred values are something else than they should be.</summary>
    public string Next(int wrongness)
    {
        var text = new StringBuilder();
        var fields = new List<string> { Field("product_id", Text(), wrongness), Field("name", Text(), wrongness) };
        Maybe(fields, "description", () => Text(), wrongness);
        Maybe(fields, "category", () => Text(), wrongness);
        Maybe(fields, "brand", () => Text(), wrongness);
        Maybe(fields, "sku", () => Text(), wrongness);
        Maybe(fields, "store_id", () => Text(), wrongness);
        Maybe(fields, "index", () => _random.Next(2) == 0 ? Text() : Pick(Numbers), wrongness);
        Maybe(fields, "created_at", () => Quote(Pick(Instants)), wrongness);
        Maybe(fields, "updated_at", () => Quote(Pick(Instants)), wrongness);
        Maybe(fields, "price", () => Object(wrongness, ("amount", () => Pick(Numbers)), ("currency", () => Quote(Pick(Currencies)))), wrongness);
        Maybe(fields, "stock", () => Object(wrongness, ("available", () => Pick(Numbers)), ("reserved", () => Pick(Numbers))), wrongness);
        Maybe(fields, "tags", () => Array(() => Value(Text, wrongness)), wrongness);
        Maybe(fields, "images", () => Array(() => Value(() => Object(wrongness, ("url", () => Quote(Pick(Addresses))), ("alt", Text)), wrongness)), wrongness);
        Maybe(fields, "specifications", () => Any(_random.Next(5)), wrongness);
        Maybe(fields, "x-own", () => Any(_random.Next(5)), wrongness);
        if (Chance(wrongness))
        {
            fields.Add(Pick([.. fields]));
        }

        if (Chance(wrongness))
        {
            fields.RemoveAt(_random.Next(fields.Count));
        }

        Join(text, '{', '}', fields);
        if (Chance(wrongness))
        {
            Damage(text);
        }

        return text.ToString();
    }

    /// <summary>An ordinary product without anything wrong.</summary>
    public static string Ordinary(int number) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        {"product_id":"{{number}}","name":"Умные часы XYZ {{number}}","description":"Часы с пульсометром, GPS и NFC. Экран AMOLED, до 14 дней без зарядки.","price":{"amount":{{number % 90000}}.50,"currency":"RUB"},"category":"Электроника","brand":"XYZ","stock":{"available":{{number % 150}},"reserved":2},"sku":"XYZ-{{number}}","tags":["умные часы","гаджеты","фитнес"],"images":[{"url":"https://cdn.example.com/images/{{number}}_1.jpg","alt":"Вид спереди"},{"url":"https://cdn.example.com/images/{{number}}_2.jpg","alt":"Вид сбоку"}],"specifications":{"weight":"50g","dimensions":"42mm x 36mm x 10mm","battery_life":"24 hours","water_resistance":"IP68"},"created_at":"2026-01-10T12:00:00Z","updated_at":"2026-01-11T08:30:00Z","index":"products","store_id":"store_{{number % 40}}"}
        """);

    private void Maybe(List<string> fields, string name, Func<string> value, int wrongness)
    {
        if (_random.Next(2) == 0)
        {
            fields.Insert(_random.Next(fields.Count + 1), Field(name, value(), wrongness));
        }
    }

    private string Field(string name, string value, int wrongness)
    {
        var written = Chance(3) ? $"\\u{(int)name[0]:x4}{name[1..]}" : name;
        return $"{Quote(written)}{Space()}:{Space()}{Value(() => value, wrongness)}";
    }

    private string Value(Func<string> right, int wrongness) => Chance(wrongness) ? Any(2) : right();

    private string Object(int wrongness, params (string Name, Func<string> Value)[] members)
    {
        var fields = members.Where(_ => _random.Next(4) != 0).Select(m => Field(m.Name, m.Value(), wrongness)).ToList();
        if (Chance(10))
        {
            fields.Add(Field("other", Any(2), wrongness));
        }

        if (fields.Count > 0 && Chance(wrongness))
        {
            fields.Add(fields[0]);
        }

        var text = new StringBuilder();
        Join(text, '{', '}', fields);
        return text.ToString();
    }

    private string Array(Func<string> item)
    {
        var text = new StringBuilder();
        Join(text, '[', ']', [.. Enumerable.Range(0, _random.Next(4)).Select(_ => item())]);
        return text.ToString();
    }

    private string Any(int depth) => _random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => "true",
        2 => Pick(Numbers),
        3 => Quote(Pick(Instants)),
        4 or 5 => Text(),
        6 => Array(() => Any(depth - 1)),
        7 => Nested(60 + _random.Next(8)),
        _ => Object(10, ("a", () => Any(depth - 1)), ("b", () => Any(depth - 1))),
    };

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private string Text() => Quote(_random.Next(12) switch
    {
        0 => new string('ж', _random.Next(120, 140)),
        1 => new string('x', _random.Next(120, 140)),
        2 => new string('ж', _random.Next(505, 520)),
        3 => string.Concat(Enumerable.Repeat("\\u0436", _random.Next(505, 520))),
        4 or 5 => Pick(Texts) + Pick(Texts),
        _ => Pick(Texts),
    });

    private void Join(StringBuilder text, char open, char close, List<string> members) =>
        text.Append(open).Append(Space()).AppendJoin($"{Space()},{Space()}", members).Append(Space()).Append(close);

    private void Damage(StringBuilder text)
    {
        var at = _random.Next(text.Length);
        _ = _random.Next(4) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, Pick(["{", "}", "\"", "\\", "\t", "\u0001", ",", "]", "é", "\\ud800"])),
            2 => text.Remove(at, text.Length - at),
            _ => text.Append(Pick([" ", "\n", "x", "{}", "\0", ","])),
        };
    }

    private string Space() => _random.Next(12) switch { 0 => " ", 1 => "\n", 2 => "\r\n", 3 => "\t ", _ => "" };

    private static string Quote(string text) => $"\"{text}\"";

    private bool Chance(int percent) => _random.Next(100) < percent;

    private string Pick(string[] from) => from[(int)(from.Length * Math.Pow(_random.NextDouble(), 4))];
}
