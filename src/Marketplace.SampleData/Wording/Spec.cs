using System.Globalization;

namespace Marketplace.SampleData.Wording;

/// <summary>One field of a product's specifications and the values it can have.</summary>
internal sealed class Spec
{
    private readonly string[] _russian;
    private readonly string[] _english;
    private readonly string[][] _agreed;
    private readonly decimal[]? _numbers;

    private Spec(Spec other)
    {
        (Key, PriceStep, _russian, _english, _agreed, _numbers) = (other.Key, other.PriceStep, other._russian, other._english, other._agreed, other._numbers);
    }

    private Spec(string key, string[] russian, string[] english, double priceStep, decimal[]? numbers = null)
    {
        Key = key;
        PriceStep = priceStep;
        _russian = russian;
        _english = english;
        _numbers = numbers;
        _agreed = [.. russian.Select(Russian.Agree)];
    }

    public string Key { get; }

    public int Count => _russian.Length;

    /// <summary>By how much of its price a product is dearer for each step up the list of values.</summary>
    public double PriceStep { get; }

    /// <summary>Key of the specification whose steps this one's follow, such as a weight the size's; null: it goes its own way.</summary>
    public string? Followed { get; private init; }

    /// <summary>True when the values are JSON numbers; their unit is then in the key.</summary>
    public bool IsNumber => _numbers is not null;

    public decimal Number(int at) => _numbers![at];

    public string Value(int at, Language language) => (language == Language.Russian ? _russian : _english)[at];

    /// <summary>The Russian value agreeing with a noun: чёрный → чёрные часы. English does not change.</summary>
    public string Agreed(int at, Noun noun, Language language) => language == Language.Russian ? _agreed[at][noun.Form] : _english[at];

    /// <summary>Pairs «чёрный/black|белый/white»; a value without a slash is the same in both languages.</summary>
    public static Spec Text(string key, string values, double priceStep = 0)
    {
        var pairs = values.Split('|').Select(value => value.Split('/')).ToArray();
        return new Spec(key, [.. pairs.Select(pair => pair[0])], [.. pairs.Select(pair => pair[^1])], priceStep);
    }

    /// <summary>Numbers with a unit, as text: «256 ГБ», "256 GB". A Russian unit may have the three forms that go with numbers.</summary>
    public static Spec Unit(string key, string russianUnit, string englishUnit, double priceStep, params ReadOnlySpan<decimal> values)
    {
        decimal[] numbers = [.. values];
        return new Spec(key, [.. numbers.Select(n => $"{Comma(n)} {UnitFor(n, russianUnit)}")], [.. numbers.Select(n => $"{Point(n)} {englishUnit}")], priceStep);
    }

    /// <summary>Plain JSON numbers.</summary>
    public static Spec Numeric(string key, double priceStep, params ReadOnlySpan<decimal> values)
    {
        decimal[] numbers = [.. values];
        return new Spec(key, [.. numbers.Select(Comma)], [.. numbers.Select(Point)], priceStep, numbers);
    }

    /// <summary>The same, its values going up with those of a specification that stands before it.</summary>
    public Spec Following(string key) => new(this) { Followed = key };

    private static string UnitFor(decimal number, string unit) =>
        unit.Split('|') is { Length: 3 } forms ? forms[decimal.IsInteger(number) ? Russian.CountForm((long)number) : 1] : unit;

    private static string Point(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Comma(decimal number) => Point(number).Replace('.', ',');
}
