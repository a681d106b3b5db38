using System.Globalization;
using System.Text;
using Marketplace.Prometheus.Naming;

namespace Marketplace.Prometheus.Recording;

/// <summary>Labels in one order and escaped, so that equal sets are equal texts: <c>method="GET",route="/"</c>.</summary>
internal static class LabelSet
{
    /// <summary>Where measurements go for which there is no room any more; the name is OpenTelemetry's.</summary>
    public const string Overflow = "otel_metric_overflow=\"true\"";

    /// <summary>A tag without a value is no label. Tags that become the same label are joined by a semicolon.</summary>
    public static string Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            if (Text(value) is { Length: > 0 } text)
            {
                var label = MetricName.Label(key);
                labels[label] = labels.TryGetValue(label, out var other) ? $"{other};{text}" : text;
            }
        }

        var set = new StringBuilder();
        foreach (var (label, text) in labels)
        {
            set.Append(set.Length > 0 ? "," : "").Append(label).Append("=\"");
            Escape(set, text).Append('"');
        }

        return set.ToString();
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static StringBuilder Escape(StringBuilder output, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => output.Append(@"\\"),
                '"' => output.Append("\\\""),
                '\n' => output.Append(@"\n"),
                _ => output.Append(c),
            };
        }

        return output;
    }
}
