using System.Diagnostics.Metrics;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Client;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Prometheus;

namespace Marketplace.Gateway.Telemetry;

/// <summary>Metrics for Prometheus, and traces and metrics by OTLP.</summary>
public static partial class TelemetrySetup
{
    /// <summary>The framework's meters that say something of the gateway: requests, connections, runtime.</summary>
    internal static readonly string[] FrameworkMeters =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    internal const string OwnMeters = "Marketplace.";

    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder, TelemetrySettings settings, string dataPath)
    {
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton<FreshnessMetrics>();
        services.AddSingleton<DeadLetterMetrics>();
        services.AddSingleton<ConsumerLag>();
        services.AddSingleton<AppendHealth>();
        services.AddSingleton<LagSampler>();
        services.AddHostedService(s => s.GetRequiredService<LagSampler>());
        services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<LagSampler>());
        services.AddSingleton(s => new ProcessMetrics(s.GetRequiredService<IMeterFactory>(), s.GetRequiredService<TimeProvider>(), dataPath));
        if (settings.MetricsEnabled)
        {
            services.AddSingleton(OpenRegistry);
        }

        if (settings.OtlpEndpoint is not null)
        {
            services.AddHostedService<OtlpExport>();
        }

        return builder;
    }

    /// <summary>Begins to measure, before anything runs.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        app.Services.GetService<MetricRegistry>();
        app.Services.GetRequiredService<ProcessMetrics>();
        app.Services.GetRequiredService<BanMetrics>().Watch(app.Services.GetRequiredService<BanListFeed>(), app.Services.GetRequiredService<TimeProvider>());
        app.Services.GetService<SearchMetrics>();
        if (app.Services.GetRequiredService<TelemetrySettings>().OtlpEndpoint is not null)
        {
            app.Use(RequestSpan.DescribeAsync);
        }
    }

    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<MetricRegistry>() is not null)
        {
            routes.MapMethods("/metrics", [HttpMethods.Get, HttpMethods.Head], MetricsEndpoint.GetAsync).ExcludeFromDescription();
        }
    }

    /// <summary>Meters of this gateway and those that belong to the whole process; not those of another gateway in the same process.</summary>
    private static MetricRegistry OpenRegistry(IServiceProvider services)
    {
        var own = services.GetRequiredService<IMeterFactory>();
        var logger = services.GetRequiredService<ILogger<MetricRegistry>>();
        return new MetricRegistry(
            meter => (meter.Scope is null || ReferenceEquals(meter.Scope, own))
                && (meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal) || FrameworkMeters.Contains(meter.Name)),
            failure => Log.NotObserved(logger, failure));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Some metrics could not be observed")]
        public static partial void NotObserved(ILogger logger, Exception failure);
    }
}
