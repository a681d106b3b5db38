using System.Buffers;
using System.Globalization;
using System.Text;
using Marketplace.Prometheus.Recording;

namespace Marketplace.Prometheus.Exposition;

/// <summary>
/// Writes families in Prometheus's text format 0.0.4 or in OpenMetrics 1.0.0. They differ in what a counter's family is called, in
/// the unit's line, in how bounds and help are written, and in the last line.
/// </summary>
internal readonly struct ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
{
    private const int MaxNumberBytes = 32;

    private bool IsOpenMetrics => format == ExpositionFormat.OpenMetrics;

    /// <summary>Writes nothing for a family without series.</summary>
    public void Write(MetricFamily family, IReadOnlyCollection<Point> points)
    {
        if (points.Count == 0)
        {
            return;
        }

        var sample = family.Type == MetricType.Counter ? $"{family.Name}_total" : family.Name;
        var named = IsOpenMetrics ? family.Name : sample;
        Line("# HELP ", named, " ", Help(family.Help));
        Line("# TYPE ", named, " ", family.Type switch { MetricType.Counter => "counter", MetricType.Gauge => "gauge", _ => "histogram" });
        if (IsOpenMetrics && family.Unit is { } unit)
        {
            Line("# UNIT ", named, " ", unit);
        }

        foreach (var point in points)
        {
            if (point.Counts is { } counts)
            {
                WriteHistogram(family, point, counts);
            }
            else
            {
                Sample(sample, "", point.Labels, null, point.Value);
            }
        }
    }

    public void End()
    {
        if (IsOpenMetrics)
        {
            Text("# EOF\n");
        }
    }

    private void WriteHistogram(MetricFamily family, Point point, long[] counts)
    {
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            Sample(family.Name, "_bucket", point.Labels, i < family.Bounds.Length ? Bound(family.Bounds[i]) : "+Inf", total);
        }

        Sample(family.Name, "_sum", point.Labels, null, point.Value);
        Sample(family.Name, "_count", point.Labels, null, total);
    }

    private void Sample(string name, string suffix, string labels, string? le, double value)
    {
        Text(name);
        Text(suffix);
        if (labels.Length > 0 || le is not null)
        {
            Text("{");
            Text(labels);
            if (le is not null)
            {
                Text(labels.Length > 0 ? ",le=\"" : "le=\"");
                Text(le);
                Text("\"");
            }

            Text("}");
        }

        Text(" ");
        Number(value);
        Text("\n");
    }

    /// <summary>OpenMetrics compares bounds as texts and wants whole ones with a point.</summary>
    private string Bound(double bound)
    {
        var text = bound.ToString(CultureInfo.InvariantCulture);
        return IsOpenMetrics && text.All(c => char.IsAsciiDigit(c) || c == '-') ? $"{text}.0" : text;
    }

    private string Help(string text)
    {
        var escaped = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        return IsOpenMetrics ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private void Number(double value)
    {
        if (!double.IsFinite(value))
        {
            Text(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
            return;
        }

        value.TryFormat(output.GetSpan(MaxNumberBytes), out var written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void Line(string first, string second, string third, string fourth)
    {
        Text(first);
        Text(second);
        Text(third);
        Text(fourth);
        Text("\n");
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
