namespace Marketplace.Gateway.Telemetry;

/// <summary>What the gateway tells of itself, and to whom.</summary>
/// <param name="MetricsEnabled">Whether <c>/metrics</c> is there; without it nothing is measured for it.</param>
/// <param name="OtlpEndpoint">The base address of an OTLP/HTTP receiver for traces and metrics; null: none.</param>
/// <param name="SampleRatio">The share of traces that begin here and are sent; a client that asks for a trace gets it.</param>
public sealed record TelemetrySettings(bool MetricsEnabled, Uri? OtlpEndpoint, double SampleRatio)
{
    public static TelemetrySettings Read(IConfiguration configuration) => new(
        configuration.GetValue("Metrics:Enabled", true),
        configuration["Otlp:Endpoint"] is { Length: > 0 } endpoint ? new Uri(endpoint.TrimEnd('/') + '/') : null,
        configuration.GetValue("Otlp:SampleRatio", 1.0));
}
