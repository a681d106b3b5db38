namespace Marketplace.Prometheus.Naming;

/// <summary>
/// What Prometheus calls the units that instruments give in UCUM, as the OpenTelemetry compatibility specification
/// («Prometheus and OpenMetrics Compatibility», section on units) maps them.
/// </summary>
internal static class UnitName
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["m"] = "meters",
        ["%"] = "percent",
    };

    private static readonly Dictionary<string, string> Rates = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["min"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
    };

    /// <summary>The unit's word, or null where there is nothing to say: <c>{product}</c> only annotates.</summary>
    public static string? Of(string? unit, bool isGauge)
    {
        var text = WithoutAnnotations(unit ?? "");
        if (text == "1")
        {
            return isGauge ? "ratio" : null;
        }

        var slash = text.IndexOf('/');
        if (slash < 0)
        {
            return Word(text, Words);
        }

        var per = Word(text[(slash + 1)..], Rates);
        return per is null ? Word(text[..slash], Words) : Word(text[..slash], Words) is { } what ? $"{what}_per_{per}" : $"per_{per}";
    }

    private static string? Word(string text, Dictionary<string, string> words) =>
        words.TryGetValue(text, out var word) ? word : MetricName.Sanitize(text) is { Length: > 0 } other ? other : null;

    private static string WithoutAnnotations(string unit)
    {
        for (var open = unit.IndexOf('{'); open >= 0; open = unit.IndexOf('{'))
        {
            var close = unit.IndexOf('}', open);
            unit = close < 0 ? unit[..open] : unit.Remove(open, close - open + 1);
        }

        return unit;
    }
}
