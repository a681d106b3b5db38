using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Settings;

namespace Marketplace.Gateway.Filter;

public static class FilterSetup
{
    public static WebApplicationBuilder AddFilter(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        if (settings.FilterEnabled)
        {
            builder.Services.AddSingleton<JourneyDesk>();
            builder.Services.AddSingleton<FilterMetrics>();
            builder.Services.AddSingleton(s => new PartitionSnapshots(settings.SnapshotPath, s.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton(settings.Kafka is null ? FilterPace.Default : FilterPace.OnCluster);
            builder.Services.AddSingleton<FilterService>();
            builder.Services.AddHostedService(s => s.GetRequiredService<FilterService>());
            builder.Services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<FilterService>());
        }

        return builder;
    }
}
