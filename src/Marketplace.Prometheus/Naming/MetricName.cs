using System.Text;

namespace Marketplace.Prometheus.Naming;

/// <summary>Names of metrics and labels as Prometheus allows them, made from OpenTelemetry's.</summary>
internal static class MetricName
{
    private const string Total = "_total";

    /// <summary>Suffixes that OpenMetrics keeps for the parts of histograms and counters.</summary>
    private static readonly string[] Reserved = [Total, "_count", "_sum", "_bucket", "_created"];

    /// <summary>
    /// The family's name: the unit stands in it, <c>_total</c> does not. A suffix that belongs to the parts of other types is taken
    /// off, since a gauge that is called like a histogram's count would be taken for one.
    /// </summary>
    public static string Of(string instrument, string? unitWord)
    {
        var name = Sanitize(instrument);
        while (Reserved.FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } reserved)
        {
            name = name[..^reserved.Length];
        }

        name = name.Length == 0 ? "_" : char.IsAsciiDigit(name[0]) ? $"_{name}" : name;
        return unitWord is null || name.EndsWith($"_{unitWord}", StringComparison.Ordinal) || name == unitWord ? name : $"{name}_{unitWord}";
    }

    public static string Label(string key)
    {
        var label = Sanitize(key);

        // Names that begin with two underscores are Prometheus's own.
        label = label.StartsWith("__", StringComparison.Ordinal) ? label.TrimStart('_') : label;
        return label.Length == 0 || char.IsAsciiDigit(label[0]) ? $"_{label}" : label;
    }

    /// <summary>Everything but ASCII letters and digits becomes one underscore; none at the end.</summary>
    public static string Sanitize(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_')
            {
                name.Append(c);
            }
            else if (name.Length > 0 && name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.ToString().TrimEnd('_');
    }
}
