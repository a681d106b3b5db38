namespace Marketplace.Prometheus.Exposition;

/// <summary>The two texts that Prometheus reads.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus's own, version 0.0.4.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}

public static class ExpositionFormats
{
    public const string OpenMetricsType = "application/openmetrics-text";

    public static string ContentType(this ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? $"{OpenMetricsType}; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";
}
