using System.Diagnostics.Metrics;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.ReadModels;

namespace Marketplace.Gateway.Analytics;

public static class AnalyticsSetup
{
    public static WebApplicationBuilder AddAnalytics(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        if (settings.AnalyticsEnabled)
        {
            var services = builder.Services;
            services.AddSingleton(s => AnalyticsModel.Open(
                settings.SnapshotPath, s.GetRequiredService<ModelPositions>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IMeterFactory>()));
            services.AddReadModel<AnalyticsModel>();
            services.AddSingleton<IFeedReader<EventBatch>>(s => s.GetRequiredService<AnalyticsModel>());
            services.AddSingleton<IFeedReader<QueryBatch>>(s => s.GetRequiredService<AnalyticsModel>());
            services.AddSingleton<ISnapshotted>(s => s.GetRequiredService<AnalyticsModel>());
        }

        return builder;
    }
}
