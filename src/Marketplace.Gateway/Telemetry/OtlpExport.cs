using Marketplace.Gateway.Topics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Sends traces and metrics to an OTLP receiver over HTTP, behind the work; what it does not take in time is dropped.</summary>
internal sealed class OtlpExport(TelemetrySettings settings) : IHostedService, IDisposable
{
    private const string ServiceName = "marketplace-gateway";
    private const int MetricIntervalMs = 15_000;
    private const int SpanDelayMs = 1_000;

    /// <summary>A stop has 10 s in all; a receiver that does not answer must not take them.</summary>
    private const int FlushMs = 1_000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService(ServiceName, serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString());
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.SampleRatio)))
            .AddSource("Microsoft.AspNetCore", TraceContext.SourceName)
            .AddOtlpExporter(options =>
            {
                SendTo(options, "v1/traces");
                options.BatchExportProcessorOptions.ScheduledDelayMilliseconds = SpanDelayMs;
            })
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([$"{TelemetrySetup.OwnMeters}*", .. TelemetrySetup.FrameworkMeters])
            .AddOtlpExporter((options, reader) =>
            {
                SendTo(options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = MetricIntervalMs;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(FlushMs), CancellationToken.None),
        Task.Run(() => _metrics?.Shutdown(FlushMs), CancellationToken.None));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private void SendTo(OtlpExporterOptions options, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(settings.OtlpEndpoint!, path);
    }
}
