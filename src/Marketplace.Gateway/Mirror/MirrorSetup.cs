using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.Telemetry;

namespace Marketplace.Gateway.Mirror;

public static class MirrorSetup
{
    public static WebApplicationBuilder AddMirror(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        if (settings.Mirror is { } mirror)
        {
            builder.Services.AddSingleton(s => new MirrorService(
                s.GetRequiredService<IEventLog>(),
                mirror,
                settings.Kafka,
                s.GetRequiredService<FreshnessMetrics>(),
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILoggerFactory>(),
                s.GetRequiredService<ILogger<MirrorService>>()));
            builder.Services.AddSingleton(mirror);
            builder.Services.AddHostedService(s => s.GetRequiredService<MirrorService>());
            builder.Services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<MirrorService>());
        }

        return builder;
    }
}
